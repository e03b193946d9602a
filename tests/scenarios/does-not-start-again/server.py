from counters import TABLE, Database, serve

serve(store=Database(TABLE.replace("IF NOT EXISTS ", "")))
