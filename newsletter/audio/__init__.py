"""An issue read out: what is said, a voice of the system that says it, an MP3 with chapters, and a podcast's feed."""
