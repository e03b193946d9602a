"""The learner's tests over HTTP: run on many servers, judged, and told what they miss."""
