"""The practice page: the roll, the keys, the bar ruler and the transport."""
