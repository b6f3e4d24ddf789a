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
