"""Which messages are in a language that is none of ours, by words that French, Somali and Afar do not have.

Closed lists of frequent words, written for this project: English, and Arabic, Amharic, Oromo, Spanish, Italian and
Swahili in Latin letters. Words of religion and greeting that Somali and Afar share with Arabic are left out.
"""

from collections.abc import Sequence

_ENGLISH = """
    the are what how where when who why which you your yours my mine we our they their them please hello hi hey want
    wants wanted need needs help helping could would does did doing done have has having had with from this that these
    those there and of it its not don doesn didn isn i m am was were will shall should if then than because about
    into over after before under again every other another same first long great right work working job phone
    computers free start join sign send call write read learn understand sorry yes bye goodbye friend brother sister
    nice meet live speak speaking english know tell give get find looking look register registered organization
    organizations training trainings meeting workshop workshops money funding grant grants price prices thanks thank
    good morning evening night welcome much many any some make like love here next week month today tomorrow
    yesterday people women youth school schools just only very new open everybody anyone someone something
    everything nothing can to in on at for by an be is do me he she his her us or as but so no up out all
"""
_NOT_ONLY_ENGLISH = """
    to in on at for by an be is do me he or as but so no up out all am can if it has had we i m his her us like love
    long must
"""
_ARABIC = """
    kayfa kaifa kaif keif kef haluk halak haluka anta enta inta anti enti uridu urid ureed abgha abga shukran choukran
    sabah elkhair alkhair kheir wein wayn ayna limadha limaza tatakalam atakalam takallam arabi arabiya arabiyya
    ahlan wasahlan marhaban marhaba habibi akhi ukhti mumkin mumken aywa aiwa eish aish esh hatha hadha haza hathihi
    andi indi andak musaada musaadah ureedu atamanna hal maza madha
"""
_OTHERS = """
    selam dehna neh nesh nachihu nachew endet indet ameseginalehu amesegnalehu amesegenalehu betam ebakih ebakish
    meche lemin amharic amarigna amharigna eshi ishi aydelem alegn felegalehu efelgalehu efeligalehu enie anchi
    akkam jirta jirtu nagaadha eessa yoom galatoomi galatoomaa afaan oromoo oromiffa barbaada keessa
    hola como gracias buenos buenas dias quiero habla hablas espanol necesito ayuda donde usted ciao grazie buongiorno
    vorrei italiano parli parla dove habari asante nataka karibu jambo naomba tafadhali kiswahili merhaba
"""
ENGLISH = frozenset(_ENGLISH.split())
DOUBTFUL = frozenset(_NOT_ONLY_ENGLISH.split()) | {"hal"}
"""Beside surer ones only: words of ours too, at least in chat."""
OTHERS = frozenset(_ARABIC.split()) | frozenset(_OTHERS.split())
LEAST_WORDS = 2
LEAST_SHARE = 0.4


def is_foreign(words: Sequence[str]) -> bool:
    """Whether folded words are enough of another language; one word alone never is."""
    foreign = [word for word in words if word in ENGLISH or word in OTHERS]
    certain = set(foreign) - DOUBTFUL
    return len(set(foreign)) >= LEAST_WORDS and bool(certain) and len(foreign) >= LEAST_SHARE * len(words)
