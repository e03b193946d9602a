/** A request that is refused: `status` says why, `errors` in words, by field or topic. */
export class Refusal extends Error {
  constructor(status, errors) {
    super(Object.keys(errors).join(', '));
    this.status = status;
    this.errors = errors;
  }
}

export const unauthorized = (topic, why) => new Refusal(401, { [topic]: [why] });

export const forbidden = (topic, why) => new Refusal(403, { [topic]: [why] });

export const notFound = (what) => new Refusal(404, { [what]: ['not found'] });

export const conflict = (topic, why) => new Refusal(409, { [topic]: [why] });

export const tooLarge = () => new Refusal(413, { body: ['is larger than 1 MiB'] });

export const unsupported = (why) => new Refusal(415, { body: [why] });

export const unprocessable = (errors) => new Refusal(422, errors);
