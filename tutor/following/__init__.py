"""The parts of the online follower: the score as places, costs, pulse, hypotheses, and the scout that finds jumps."""
