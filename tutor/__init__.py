"""How it was played and what comes next: hearing, following, judging, cueing, coaching, the journal."""
