"""What is measured, a module each: a function ``run`` that is called in a process of its own."""
