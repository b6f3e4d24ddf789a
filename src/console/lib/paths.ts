/** @module Where the API has a thing: what an edit is sent to, and by what answers and drafts of it are known. */
export const streamPath = (id: string): string => `/api/streams/${id}`;
export const linkPath = (slug: string): string => `/api/links/${slug}`;
export const costsPath = (slug: string): string => `${linkPath(slug)}/costs`;
export const slugOfCosts = (path: string): string | undefined =>
  /^\/api\/links\/([^/]+)\/costs$/.exec(path)?.[1];
export const creatorPath = (id: string): string => `/api/creators/${encodeURIComponent(id)}`;
/** The page that has a promoter. */
export const promotersPage = (id: string): string =>
  `/console/promoters?q=${encodeURIComponent(id)}`;
export const connectionPath = (id: string): string => `/api/connections/${id}`;
export const notifierPath = (id: string): string => `/api/notifiers/${id}`;
