"""two names of places → whether they are one name in two forms: inflected, with its kind, or as the tables also write it."""

import re

from cases.extraction.world import declined, endings_of, spots_named
from cases.gazetteer import gazetteer
from cases.model import Place
from cases.whereabouts import folded

_KINDS = re.compile(
    r"(?:[\sの]?(?:市|省|州|府|県|县|縣|区|區|郡|道|镇|鎮|村|乡|鄉|岛|島|口岸|机场|機場|空港|国際空港|国境|検問所|収容所|収容施設|移民収容所|拘置所|駅|橋|森|刑務所|留置場|保護所|外国人保護所|送還センター|入管センター|入国管理センター|難民キャンプ|キャンプ"
    r"|看守所|拘留所|移民拘留所|拘留中心|移民拘留中心|大桥|大橋|港"
    r"|시|주|군|구|성|현|도|섬|역|카운티|국경|검문소|공항|국제공항|세관|수용소|이민수용소|수용시설|구치소|구류소|구류장|변방구류소|구금센터|보호소|외국인보호소))+\Z"
)
_KINDS_BEFORE = re.compile(
    r"(?:(?:ville|village|camp|poste|poste-frontière|poste frontière|prison|aéroport|gare|port|pont|centre de rétention|centre de détention|centre fermé|maison d['’]arrêt)"
    r" (?:(?:de la|de l['’]|des|du|de) ?|d['’]))(?=[A-ZÀ-Þ])"
)
_LANGUAGES = ("en", "es", "fr", "ru", "ko", "ja", "zh")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_WORD = re.compile(r"[^\W_]+")


def answers_to(place: Place, name: str) -> bool:
    """Tell whether a place that was read is the one of that name."""
    row = gazetteer().find(place.gazetteer_id)
    forms = [form.text for of in row.forms.values() for form in of] if row is not None else []
    return any(_same(name, form) for form in (place.name, place.raw or "", *forms) if form)


def _same(one: str, other: str) -> bool:
    if folded(one) == folded(other) or _bare(one) == _bare(other):
        return True
    if _CYRILLIC.match(one) and _CYRILLIC.match(other) and (_inflects(one, other) or _inflects(other, one)):
        return True
    return any(set(spots_named(one, lang)) & set(spots_named(other, lang)) for lang in _LANGUAGES)


def _bare(name: str) -> str:
    """Give a name without the word for its kind."""
    return folded(_KINDS.sub("", _KINDS_BEFORE.sub("", name, count=1)) or name)


def _inflects(nominative: str, other: str) -> bool:
    """Tell whether one name is a case form of the other, word by word."""
    words, forms = _WORD.findall(nominative), _WORD.findall(other)
    return len(words) == len(forms) and all(
        set(declined(word)) & set(endings_of(form)) for word, form in zip(words, forms, strict=True)
    )
