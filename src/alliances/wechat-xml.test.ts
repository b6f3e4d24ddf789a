import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { fieldsOfXml } from "./wechat-xml.ts";

describe("a message's XML", () => {
  it("is read: texts, CDATA, and what lies one level deeper", ({ expect }) => {
    const xml = `\ufeff<?xml version="1.0"?>
      <xml>
        <Event><![CDATA[a <b> ]] &amp;]]></Event>
        <Said>1 &lt; 2 &amp;lt; 3</Said>
        <Empty></Empty>
        <order_info><order_id>37</order_id><note><![CDATA[]]></note></order_info>
      </xml>\n`;
    expect(fieldsOfXml(xml)).toEqual({
      Event: "a <b> ]] &amp;",
      Said: "1 < 2 &lt; 3",
      Empty: "",
      order_info: { order_id: "37", note: "" },
    });
  });

  it("has names that objects inherit as fields of its own", ({ expect }) => {
    const read = fieldsOfXml("<xml><__proto__>1</__proto__><constructor>2</constructor></xml>");
    expect(Object.entries(read ?? {})).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });

  it.for([
    ["a document type", '<!DOCTYPE xml [<!ENTITY e "x">]><xml><Event>&e;</Event></xml>'],
    ["another inside", "<xml><!DOCTYPE x><Event>1</Event></xml>"],
    ["a comment", "<xml><!-- --><Event>1</Event></xml>"],
    ["an attribute", '<xml><Event a="1">1</Event></xml>'],
    ["what does not end", "<xml><Event>1</Event>"],
    ["what ends twice", "<xml></xml></xml>"],
    ["what ends crosswise", "<xml><a><b></a></b></xml>"],
    ["two roots", "<xml></xml><xml></xml>"],
    ["a text outside", "<xml>text<Event>1</Event></xml>"],
    ["what follows", "<xml></xml>text"],
    ["CDATA that does not end", "<xml><Event><![CDATA[1</Event></xml>"],
    ["a tag that does not end", "<xml><Event"],
    ["what lies deeper", "<xml><a><b><c>1</c></b></a></xml>"],
    ["more fields than a message has", `<xml>${"<a>1</a>".repeat(300)}</xml>`],
    ["nothing", ""],
  ] as const)("is none with %s", ([, xml], { expect }) => {
    expect(fieldsOfXml(xml)).toBe(null);
  });

  it("of an entity that is not XML's own keeps it as it stands", ({ expect }) => {
    expect(fieldsOfXml("<xml><a>&e;&#65;&lt</a></xml>")).toEqual({ a: "&e;&#65;&lt" });
  });

  it("takes time in proportion to its length, whatever it is", ({ expect }) => {
    const hostile = [
      (count: number) => "<".repeat(count),
      (count: number) => `<xml>${"<![CDATA[".repeat(count)}`,
      (count: number) => `<xml><a>${"<![CDATA[]]>".repeat(count)}</a></xml>`,
      (count: number) => `<xml><a>${"&amp;".repeat(count)}</a></xml>`,
      (count: number) => `<xml><a>${"]]>".repeat(count)}</a></xml>`,
      (count: number) => `<${" ".repeat(count)}>`,
      (count: number) => "<a>".repeat(count),
      (count: number) => `<xml><a>${"&".repeat(count)}</a></xml>`,
    ];
    for (const make of hostile) {
      const xml = make(300_000);
      const began = performance.now();
      fieldsOfXml(xml);
      expect([make.toString(), performance.now() - began < 1_000]).toEqual([make.toString(), true]);
    }
  });

  it("property: of any text is read or refused, never a throw", ({ expect }) => {
    const piece = fc.constantFrom(
      ...["<xml>", "</xml>", "<a>", "</a>", "<![CDATA[", "]]>", "&lt;", "x", "<", ">", "?", "/"],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (some) => {
        const read = fieldsOfXml(some.join(""));
        expect(read === null || typeof read === "object").toBe(true);
      }),
    );
  });
});
