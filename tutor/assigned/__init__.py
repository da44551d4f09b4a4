"""What a teacher assigned: how it stands, what it says, and what goes back to the teacher.

`progress` is pure; `keeping` reads and writes the journal; `teacher` lets the teacher's word stand before the coach's.
"""
