/** The API as the demo calls it. */

export class Api {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async isUp(): Promise<boolean> {
    return fetch(`${this.#url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Whether it does not take a header's word for a visitor's address. */
  async isUnbelieving(): Promise<boolean> {
    const answer = await fetch(`${this.#url}/healthz`);
    const { warnings = [] } = (await answer.json()) as { warnings?: { code: string }[] };
    return warnings.some(({ code }) => code === "address_header_not_set");
  }

  /** @throws with what the API said when it refuses */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  }

  /** Whether this version has a route, such as `/api/conversions`. */
  async has(path: string): Promise<boolean> {
    const { paths } = await this.call<{ paths: object }>("GET", "/openapi.json");
    return Object.hasOwn(paths, path);
  }
}
