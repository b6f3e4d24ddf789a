/** @module The ladder that every platform's states of an order map to; a refund is an axis of its own beside it. */
export const statuses = ["created", "paid", "received", "settled", "refunded", "invalid"] as const;
export type Status = (typeof statuses)[number];
