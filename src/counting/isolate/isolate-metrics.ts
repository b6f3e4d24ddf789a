/**
 * @module What this isolate offered to be counted, and what became of it, in events since it began. Offered
 * is acknowledged, spilled, lost, or on its way: `/metrics` shows each.
 */
export const isolateMetrics = {
  offered: 0,
  /** In a Counter, or with COUNT_TRANSPORT=kv in KV. */
  acknowledged: 0,
  spilled: 0,
  lost: 0,
  batches: 0,
  failedDeliveries: 0,
};
