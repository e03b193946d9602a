from pathlib import Path

import db

if __name__ == "__main__":
    db.run((Path(__file__).parent / "schema.sql").read_text())
    print("The tables are there.")
