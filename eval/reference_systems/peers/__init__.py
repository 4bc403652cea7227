"""Other systems and Newsdesk over the same texts, model and questions, each in a process of its own.

A module of a peer runs in an environment that has the peer and not Newsdesk: here and in `eval.runs.machine` nothing
but the standard library and the peer itself is imported.
"""
