/**
 * @module An amount in the capital numerals of Chinese vouchers (大写金额), which can't be altered by a stroke: 人民币壹仟零伍元叁角整.
 * By the rules of 正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1).
 */
const digits = "零壹贰叁肆伍陆柒捌玖";
const places = ["", "拾", "佰", "仟"];
const groups = ["", "万", "亿", "万亿"];

/** Four digits: `1005` → 壹仟零伍. */
function group(value: number): string {
  let said = "";
  let isGap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) {
      isGap = said !== "";
      continue;
    }
    said += `${isGap ? "零" : ""}${digits[digit]}${places[place]}`;
    isGap = false;
  }
  return said;
}

function whole(yuan: number): string {
  let said = "";
  let isGap = false;
  for (let power = groups.length - 1; power >= 0; power -= 1) {
    const value = Math.floor(yuan / 10_000 ** power) % 10_000;
    if (value === 0) {
      isGap = said !== "";
      continue;
    }
    const isShort = said !== "" && value < 1_000;
    said += `${isGap || isShort ? "零" : ""}${group(value)}${groups[power]}`;
    isGap = false;
  }
  return said;
}

/** @param minor 分, below ten thousand 万亿 yuan; of a negative amount it begins with （负） */
export function capitalYuan(minor: number): string {
  const amount = Math.abs(minor);
  const [yuan, jiao, fen] = [Math.floor(amount / 100), Math.floor(amount / 10) % 10, amount % 10];
  const isGap = yuan > 0 && (jiao > 0 ? yuan % 10 === 0 : fen > 0);
  const parts = [
    yuan > 0 ? `${whole(yuan)}元` : "",
    isGap ? "零" : "",
    jiao > 0 ? `${digits[jiao]}角` : "",
    fen > 0 ? `${digits[fen]}分` : "整",
  ].join("");
  return `人民币${minor < 0 ? "（负）" : ""}${amount === 0 ? "零元整" : parts}`;
}
