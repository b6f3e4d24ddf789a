import "../../../test/browser.ts";
import { it } from "vitest";
import { soldBetween } from "./orders.ts";

it("orders between two moments are distinct ids, their sum is net", ({ expect }) => {
  const paid = [
    { orderId: "a", paidAt: 100, net: 500 },
    { orderId: "a", paidAt: 100, net: 300 },
    { orderId: "b", paidAt: 200, net: 0 },
    { orderId: "c", paidAt: 300, net: 900 },
  ];
  expect(soldBetween(paid, 100, 300)).toEqual({ orders: 2, net: 800 });
});
