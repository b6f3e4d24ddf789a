/** @module What a brand's colour and logo are written as, in a setting (config/table.ts) and in a request (model/stream.ts). */

/** `#c93a26`, as a page's style has it. */
export const colorShape = /^#[0-9a-fA-F]{6}$/;

/** Characters: a logo stands in every page of the brand, and in the record of each of its streams. */
export const logoAtMost = 8_192;
/** A picture as a `data:` URL: nothing on a page is fetched from another host. */
export const logoShape = /^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]{16,}={0,2}$/;

/** Characters of the brand's name, of who runs the service, and of the number that its domain is filed under (备案号). */
export const brandNamesAtMost = { name: 40, operator: 80, filing: 60 };
