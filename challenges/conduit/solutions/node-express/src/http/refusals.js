/** A request that is refused: `status` says why, `errors` in words, by field or topic. */
export class Refusal extends Error {
  constructor(status, errors) {
    super(
      Object.entries(errors)
        .map(([topic, words]) => `${topic} ${words.join(', ')}`)
        .join('; '),
    );
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (what) => new Refusal(404, { [what]: ['not found'] });

export const forbidden = (what) => new Refusal(403, { [what]: ['belongs to someone else'] });

export const unauthorized = (why) => new Refusal(401, { authorization: [why] });

export const unprocessable = (errors) => new Refusal(422, errors);

export const tooLarge = () => new Refusal(413, { body: ['is larger than 1 MiB'] });

export const unsupported = (why) => new Refusal(415, { body: [why] });
