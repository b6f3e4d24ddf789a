/** A module of wrangler's type `Data`. */
declare const bytes: ArrayBuffer;
export default bytes;
