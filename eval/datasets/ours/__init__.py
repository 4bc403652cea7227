"""Our own cases, over the sample library or invented: what the gate holds."""
