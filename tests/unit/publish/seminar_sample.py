"""A seminar made by hand."""

import datetime as dt

from renvand.publish.model import Label
from renvand.publish.seminar.event import event_of

ON = dt.date(2026, 11, 23)
PAGE = {
    "id": "textile-dyeing",
    "sector": "textile-dyeing",
    "starts": "2027-03-24T14:00:00+08:00",
    "ends": "2027-03-24T17:30:00+08:00",
    "time_zone": "Asia/Shanghai",
    "city": "Chongqing",
    "venue": {
        "en": "Room 3; and on line",
        "da": "Lokale 3, og online",
        "zh": "三号会议室，同步线上",
    },
    "languages": ["en", "zh"],
    "contact": "secretariat",
    "agenda": [
        {
            "at": "14:00",
            "title": {"en": "Welcome", "da": "Velkomst", "zh": "开幕致辞"},
            "speaker": "agency, Li Wei",
        },
        {
            "at": "14:20",
            "title": {"en": "What we found", "da": "Hvad vi fandt", "zh": "评审结果"},
            "speaker": "secretariat",
        },
        {"at": "16:40", "title": {"en": "Questions", "da": "Spørgsmål", "zh": "讨论"}},
    ],
}
PARTNERS = {
    "secretariat": Label(en="Secretariat", da="Sekretariatet", zh="秘书处"),
    "agency": Label(
        en="Danish Environmental Protection Agency", da="Miljøstyrelsen", zh="丹麦环境保护署"
    ),
}


def event(**changes):
    return event_of(PAGE | changes, PARTNERS)
