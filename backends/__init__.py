"""What turns a plan into code: one folder for each kind of code."""
