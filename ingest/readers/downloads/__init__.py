"""What news services give as one file of many articles: Nexis, Factiva, ProQuest."""
