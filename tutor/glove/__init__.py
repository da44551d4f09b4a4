"""Touch: the open glove protocol HGP/1, the link to a glove, a simulated glove and its firmware."""
