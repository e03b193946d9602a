/** A function that runs what it is given, but at most `max` at a time; the others wait in line. */
export function limiter(max) {
  const line = [];
  let running = 0;

  return async function run(work) {
    if (running < max) running += 1;
    else await new Promise((resolve) => line.push(resolve));
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
