"""Start the server on the port that PORT names."""

import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("app:app", host=os.environ.get("HOST", "0.0.0.0"), port=int(os.environ.get("PORT", "8000")))
