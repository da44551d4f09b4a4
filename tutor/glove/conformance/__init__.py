"""Whether a glove keeps HGP/1: cases that any device must survive, asked over the wire alone."""
