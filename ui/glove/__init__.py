"""The glove page: try, measure and stop the touch, and choose how the hand is led."""
