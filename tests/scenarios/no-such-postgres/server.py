from counters import serve

serve()
