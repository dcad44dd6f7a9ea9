/** What copy may promise only where a fact does: money off, gifts, guarantees, scarcity, deadlines, superlatives. */

const offerWords =
  /\b(discount(?:s|ed)?|savings?|saves?|offers?|deals?|sale)\b|\boff\b|优惠|折扣|打折|立减|特惠|让利/iu;

const promises =
  /\b(free|gratis|complimentary|gifts?|giveaways?|vouchers?|coupons?|bonus(?:es)?|cash ?back|rewards?|refunds?|refundable|guarantees?|guaranteed|warranty|money.back|cheapest|cheaper|lowest|best price|risk.free|interest|loan|credit)\b|免费|包邮|免运费|赠|礼品|红包|返现|优惠券|代金券|抵用|退款|保证|承诺|无理由|最低价|全网最低|第一|唯一|最佳|最好|最优|顶级|国家级|绝对|贷款|免息/iu;

const pressure =
  /\b(today|tonight|tomorrow|midnight|weekend|limited|last chance|hurry|ends soon|expires?|expiring|deadline|while (?:stocks?|supplies) last|few left|almost gone|selling fast|sold out|sell out|running out|final)\b|今天|今日|今晚|明天|本周|本月|周末|限时|限量|最后机会|仅剩|售罄|抢购|手慢无|倒计时|即将结束|库存不多|马上截止/iu;

/** The words of a promise that no fact makes; null where there is none. `hasOffer`: a fact states money off. */
export function claimIn(text: string, { hasOffer }: { hasOffer: boolean }): string | null {
  const plain = text.normalize('NFKC');
  const found = promises.exec(plain) ?? pressure.exec(plain) ?? (hasOffer ? null : offerWords.exec(plain));
  return found && `"${found[0]}"`;
}
