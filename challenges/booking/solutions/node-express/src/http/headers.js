/**
 * Answers are always whole and always JSON: no 304 for a condition in the request, nothing for a
 * browser to guess, nothing for a proxy to keep, as every answer depends on who asks.
 */
export function plainAnswers(app) {
  app.disable('x-powered-by');
  app.disable('etag');
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.use((req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
}
