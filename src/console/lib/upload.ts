/** @module Sends a file, telling how much of it is on its way: `fetch` does not say that. */
import type { ProblemDetails } from "moongate/client";
import { tableOf } from "../../lib/records.ts";
import { ApiProblem } from "./client.ts";
import { language } from "./prefs.ts";

export interface ImportAnswer {
  accepted: number;
  updated: number;
  duplicates: number;
  rejected: { line: number; code: string; detail: string }[];
  rejectedCount?: number;
  /** Rows whose state is not known: kept, and counted in nothing. */
  uncounted?: { line: number; code: string; detail: string; status: string }[];
  uncountedCount?: number;
  /** read = taken + refused + skipped. */
  lines?: { read: number; taken: number; refused: number; skipped: number; insideCells: number };
  sheet?: string | null;
  otherSheets?: string[];
  entry?: string | null;
  unattributed?: number;
  rows?: number;
  title?: string;
  platform?: string | null;
  encoding?: string;
}

const types = tableOf({
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
});

/** The service looks at the bytes; the type is what the name says. */
const typeOf = (name: string): string =>
  types.get(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) ?? "text/csv";

/** @param onProgress share of the file that was sent, 0 to 1 */
export function importOrders(
  file: File,
  query: URLSearchParams,
  onProgress: (share: number) => void,
): Promise<ImportAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/conversions/import?${query}`);
    request.setRequestHeader("Content-Type", typeOf(file.name));
    request.setRequestHeader("Accept-Language", language.value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () =>
      reject(new ApiProblem(0, { code: "offline", detail: "The upload was cut off." }));
    request.onload = () => {
      const body = request.response as (ImportAnswer & { code?: string; detail?: string }) | null;
      if (request.status === 200 && body) return resolve(body);
      reject(new ApiProblem(request.status, (body ?? {}) as Partial<ProblemDetails>));
    };
    request.send(file);
  });
}
