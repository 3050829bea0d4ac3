"""How work is run: in order, over several processes, in bounded memory."""
