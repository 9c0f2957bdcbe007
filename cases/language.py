"""text → language: the BCP 47 code of a text, by its script first and by its letters' statistics where scripts are shared.

Kana and hangul settle Japanese and Korean; Chinese is told apart into Simplified and Traditional by characters that only
one of them writes. Every other text goes to py3langid, the only module that this one opens the door for. A text without
letters has no language.
"""

import re

_SAMPLE = 1_000
"""Characters that are looked at: more does not change the answer for a text in one language."""
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(r"https?://\S{1,500}|\S{1,100}@\S{1,100}")
_ONLY_SIMPLIFIED = frozenset(
    "这国来时说会对发于后当经还进过华义东车长门问间闻见观关开学习头书买卖让认识议论设证评词译"
    "试话语请读谁调谈谢护报热爱为产业务动劳势区医协单卫历压县参双变号员响团围图场坏块声处备复"
    "够夺奖妇娱孙宁实审宪导将尔层岁岛币师带帮广庄应张归录态总惊战户执扩扫扬换损据选遣边达迁运"
    "远违连迟适释里银针钱铁锁镇阳阴际陆陈难项须顾领频题风飞饭馆马驻验鱼鸟麦黄齐龙脱朝鲜众"
)
_ONLY_TRADITIONAL = frozenset(
    "這國來時說會對發於後當經還進過華義東車長門問間聞見觀關開學習頭書買賣讓認識議論設證評詞譯"
    "試話語請讀誰調談謝護報熱愛為產業務動勞勢區醫協單衛歷壓縣參雙變號員響團圍圖場壞塊聲處備複"
    "夠奪獎婦娛孫寧實審憲導將爾層歲島幣師帶幫廣莊應張歸錄態總驚戰戶執擴掃揚換損據選邊達遷運遠"
    "違連遲適釋裡銀針錢鐵鎖鎮陽陰際陸陳難項須顧領頻題風飛飯館馬駐驗魚鳥麥黃齊龍脫鮮眾"
)


def detect(text: str) -> str | None:
    """Give the language of a text, such as ``en``, ``ko``, ``zh-Hans``; None when it holds no letters."""
    sample = _MARKUP.sub(" ", text[:_SAMPLE])
    letters = len(_LETTER.findall(sample))
    if not letters:
        return None
    kana, hangul, han = (len(script.findall(sample)) for script in (_KANA, _HANGUL, _HAN))
    if hangul * 4 > letters:
        return "ko"
    if kana * 20 > letters and (kana + han) * 4 > letters:
        return "ja"
    if han * 4 > letters:
        return _chinese(sample)
    import py3langid  # noqa: PLC0415 - it brings numpy along, which only those need who read texts

    return str(py3langid.classify(sample.encode("utf-8", "replace").decode("utf-8"))[0])


def _chinese(sample: str) -> str:
    simplified = sum(character in _ONLY_SIMPLIFIED for character in sample)
    traditional = sum(character in _ONLY_TRADITIONAL for character in sample)
    return "zh-Hant" if traditional > simplified else "zh-Hans"
