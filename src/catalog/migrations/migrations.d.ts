declare const migrations: {
  journal: { entries: { idx: number; tag: string }[] };
  migrations: Record<string, string>;
};
export default migrations;
