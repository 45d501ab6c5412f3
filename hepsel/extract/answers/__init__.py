"""What a model answered: the program in it, what is wrong with it, and the draft that it becomes."""
