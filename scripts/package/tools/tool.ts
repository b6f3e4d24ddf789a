/** @module What workerd gives a tool: a Worker whose `test()` it runs once, without anybody's request. */

/** A folder, as workerd's disk service has it: a file's bytes, a folder's entries as JSON; PUT writes a file. */
export interface Folder {
  fetch: (url: string, init?: { method?: string; body?: string }) => Promise<Response>;
}

const at = (path: string): string => `http://folder/${path}`;

/** @returns `null` where there is none */
export async function textIn(folder: Folder, path: string): Promise<string | null> {
  const answer = await folder.fetch(at(path));
  // Not as a text: workerd warns of one that is not said to be one.
  return answer.ok ? new TextDecoder().decode(await answer.arrayBuffer()) : null;
}

/** @returns the names in a folder; none where it is not there */
export async function namesIn(folder: Folder, path: string): Promise<string[]> {
  const listed = await textIn(folder, `${path}/`);
  return listed === null ? [] : (JSON.parse(listed) as { name: string }[]).map(({ name }) => name);
}

/** @throws {Error} as when the disk is full */
export async function write(folder: Folder, path: string, text: string): Promise<void> {
  const { ok, status } = await folder.fetch(at(path), { method: "PUT", body: text });
  if (!ok) throw new Error(`${path} could not be written (${status})`);
}
