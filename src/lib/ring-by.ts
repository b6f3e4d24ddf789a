/** @module The one alarm that a Durable Object has. */

/**
 * Lets it ring at a moment at the latest: one that is set for an earlier one stays, since each `setAlarm` is a billed
 * row.
 *
 * @param at UTC ms
 */
export async function ringBy(
  storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">,
  at: number,
): Promise<void> {
  const armed = await storage.getAlarm();
  if (armed === null || armed > at) await storage.setAlarm(at);
}
