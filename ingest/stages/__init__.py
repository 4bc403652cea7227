"""The stages of an ingest that other processes of this machine, or the nodes of a Ray cluster, may work on."""
