from counters import Memory, serve

serve(store=Memory())
