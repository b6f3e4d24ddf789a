/** @module What became of each link that was to be promoted. */
import { type Said, said } from "../../lib/said.ts";
import { endOf } from "../../model/destination.ts";
import type { Destination, PlatformName } from "../../platforms/registry/edge.ts";

export type PromotedRow =
  | {
      slug: string;
      outcome: "made" | "kept";
      platform: PlatformName;
      /** Of a dry run `null`: nothing was made. */
      url: string | null;
      shareText: string | null;
      expiresAt: number | null;
      /** Kept, though its stream leads elsewhere by now. */
      isOutdated: boolean;
    }
  | { slug: string; outcome: "failed"; code: string; detail: Said | string };

/** Of what is there. */
const shown = ({ platform, url, shareText, promoted }: Destination) => ({
  platform,
  url: url ?? null,
  shareText: shareText ?? null,
  expiresAt: promoted ? endOf(promoted) : null,
});

export const keptRow = (
  slug: string,
  destination: Destination,
  isOutdated: boolean,
): PromotedRow => ({ slug, outcome: "kept", ...shown(destination), isOutdated });

export const madeRow = (slug: string, destination: Destination): PromotedRow => ({
  slug,
  outcome: "made",
  ...shown(destination),
  isOutdated: false,
});

/** Of a dry run. */
export const toMake = (slug: string, platform: PlatformName): PromotedRow => ({
  ...{ slug, platform, outcome: "made", isOutdated: false },
  ...{ url: null, shareText: null, expiresAt: null },
});

export const failedRow = (
  slug: string,
  { code, detail }: { code: string; detail: Said | string },
): PromotedRow => ({ slug, outcome: "failed", code, detail });

export const changedMeanwhile = (slug: string): PromotedRow =>
  failedRow(slug, {
    code: "changed_meanwhile",
    detail: said(
      "The link was changed or deleted while its promoted link was made: it stays as it is. Ask again.",
      "生成推广链接期间，该短链接被修改或删除，因此保持原样。请重试。",
    ),
  });
