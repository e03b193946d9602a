from transactions import Fresh, run

run(Fresh())
