/** @module What the page of promoters says. */
export const creatorTexts = {
  "zh-CN": {
    intro:
      "在这里给推广者设置一次姓名、层级和各平台的标识，TA 的所有短链接（以前的和以后的）都按这些标识归因订单；短链接自己的标识优先。",
    search: "按编号或姓名查找",
    add: "添加推广者",
    none: "没有符合的推广者",
    ids: "标识",
    noIds: "未设置",
    edit: "编辑",
    holds: "对 TA 的所有短链接生效；在等的订单会马上归因。",
    erase: "删除并清除标识",
    confirmErase: (name: string) =>
      `清除“${name}”的标识？它们会从设置、短链接和订单记录里删掉，无法恢复；已归因的订单留在原处。只想改标识，请直接改或清空上面的项。`,
    erased: (name: string) => `已清除“${name}”的标识`,
  },
  en: {
    intro:
      "Set a promoter’s name, tier and ids once: all their links, old and new, find their orders by them. A link’s own ids go before.",
    search: "Find by id or name",
    add: "Add a promoter",
    none: "No such promoter",
    ids: "Ids",
    noIds: "none set",
    edit: "Edit",
    holds: "It holds for all links of theirs; orders that wait are booked at once.",
    erase: "Delete and erase the ids",
    confirmErase: (name: string) =>
      `Erase the ids of “${name}”? They go out of what is set, of links and of orders, for good; orders stay where they are booked. To change an id, change or empty it above.`,
    erased: (name: string) => `The ids of “${name}” are erased`,
  },
};
