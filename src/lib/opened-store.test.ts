import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { OpenedStore } from "./opened-store.ts";

function storeOf() {
  const database = new Database();
  let made = 0;
  const storage = {
    sql: database.sql,
    transactionSync: <T>(run: () => T): T => database.transaction(run),
    setAlarm: async () => undefined,
  };
  const opened = new OpenedStore(
    storage as unknown as DurableObjectStorage,
    (sql) => void sql.exec("CREATE TABLE IF NOT EXISTS note (text TEXT)"),
    () => {
      made += 1;
      return { notes: () => database.sql.exec("SELECT text FROM note").toArray() };
    },
  );
  const write = (text: string) => database.sql.exec("INSERT INTO note VALUES (?)", text);
  return { opened, write, made: () => made };
}

describe("an object's store", () => {
  it("is open after a transaction that failed, though it was opened for it", ({ expect }) => {
    const { opened, write, made } = storeOf();
    const fails = () =>
      opened.transaction(() => {
        write("undone");
        throw new Error("the disk is full");
      });
    expect(fails).toThrow("the disk is full");
    expect(opened.opened().notes()).toEqual([]);
    expect(opened.transaction((parts) => parts.notes().length)).toBe(0);
    expect(made()).toBe(1);
  });

  it("is opened anew once it was closed", ({ expect }) => {
    const { opened, write, made } = storeOf();
    opened.transaction(() => write("kept"));
    opened.close();
    expect(opened.opened().notes()).toEqual([{ text: "kept" }]);
    expect(made()).toBe(2);
  });
});
