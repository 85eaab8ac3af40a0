"""Given names: what tells a person's name from another thing that is written with a capital."""

from __future__ import annotations

import re
from functools import cache

from ai_data_engineer.profiling.vocabulary import word_set

_GIVEN_NAMES = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew
anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy
jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam henry
nathan douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald
carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie
gabriel logan alan juan wayne roy ralph randy eugene vincent russell elijah louis bobby philip
johnny craig danny derek shawn todd chad corey curtis travis marcus luis carlos victor oscar max
leo liam oliver lucas mason luke isaac owen caleb hunter connor evan mary patricia jennifer linda
elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily
donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia
kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine
debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria
kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria
teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise
amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla
alexis lori alison allison erin crystal vanessa tiffany jasmine courtney erica monica april katie
tina tammy tracy melanie dawn holly caitlin claire jill leslie tara kristen kristin wendy molly
morgan paige cassandra jamie misty mia ava lucy chloe ella zoe harriet imogen poppy freya nigel
graham trevor stuart clive ian neil gareth simon hans klaus jurgen jürgen wolfgang dieter manfred
uwe gunter günter günther horst bernd werner helmut gerhard heinz karl rolf ralf rainer jens jorg
jörg torsten thorsten stefan steffen matthias markus andreas tobias florian sebastian felix jan
lukas leon jonas finn ulrich herbert ernst otto friedrich ursula monika petra sabine renate helga
karin brigitte ingrid erika christa gisela claudia birgit heike susanne gabriele angelika martina
silke anja katrin kerstin ute tanja nadine stefanie lena lea hanna johanna franziska greta frieda
marlene hildegard elisabeth waltraud katharina pierre michel andre andré philippe alain bernard
jacques gerard gérard claude christophe françois francois nicolas laurent frederic frédéric éric
julien thierry pascal olivier sebastien sébastien guillaume antoine mathieu hugo jules raphael
raphaël marcel rene rené georges henri emile émile gilbert benoit benoît maxime alexandre xavier
nathalie isabelle sylvie martine françoise francoise valerie valérie sandrine sophie stéphanie
veronique véronique celine céline chantal anne aurelie aurélie camille chloé manon léa ines inès
jeanne margaux helene hélène monique josephine joséphine lucie pauline emilie émilie mathilde
laetitia virginie elodie élodie audrey antonio manuel josé francisco javier jesus jesús alejandro
miguel rafael pedro angel ángel pablo sergio fernando jorge alberto diego andres andrés raul raúl
enrique ivan iván ruben rubén roberto eduardo ramon ramón ricardo joaquin joaquín santiago mateo
emilio guillermo hector héctor carmen ana isabel cristina marta dolores pilar lucia lucía elena
raquel rosa rosario mercedes beatriz silvia montserrat sofia sofía paula valentina daniela camila
mariana guadalupe veronica verónica gabriela alejandra fernanda yolanda esperanza consuelo irene
nuria alba noelia marco giuseppe giovanni luigi mario salvatore franco francesco angelo vincenzo
pietro paolo luca stefano alessandro davide matteo lorenzo simone federico riccardo giorgio
claudio massimo enrico antonella giulia chiara francesca federica elisa alessia giovanna paola
ilaria caterina bianca giorgia ginevra joao joão paulo tiago rui nuno bruno rodrigo gustavo felipe
leonardo thiago guilherme vinicius caio marcos fabio fábio rogerio leticia letícia larissa juliana
bruna inês catarina joana rita vitoria vitória luana johannes cornelis willem hendrik pieter dirk
maarten sander bas daan sem thijs jeroen wouter ruud sanne femke lotte fleur anouk marieke saskia
esther lars anders erik per mikael johan nils sven bjorn björn olof gustav magnus fredrik henrik
ole kristian morten soren søren rasmus mads mikkel torben knut leif arne hakan håkan oskar elin
eva kristina astrid sigrid maja ida linnea freja mette kirsten lone hanne inger piotr krzysztof
andrzej stanislaw stanisław tomasz pawel paweł marcin michal michał grzegorz jerzy lukasz łukasz
marek wojciech jakub katarzyna malgorzata małgorzata agnieszka krystyna ewa elzbieta elżbieta
zofia magdalena joanna danuta aleksandra karolina vladimir dmitri dmitry sergei alexei mikhail
nikolai boris igor oleg yuri natalia natalya olga tatiana svetlana irina ekaterina anastasia
ludmila mehmet mustafa ahmet ali huseyin hüseyin hasan ibrahim ismail osman yusuf murat emre ayse
ayşe fatma emine hatice zeynep elif merve mohammed muhammad mohamed ahmed omar khalid hassan
abdullah abdul fatima aisha layla khadija maryam amina zainab youssef karim tariq samir nadia raj
rahul amit sanjay vijay arjun ravi suresh ramesh anil sunil deepak rohan aditya krishna priya
anjali pooja neha kavita sunita lakshmi divya shreya aarav vivaan ananya wei ming jun hui xin yan
mei ling hiroshi takashi kenji yuki haruto sakura yoko akira keiko minh anh ada edsger linus guido
"""
_HONORIFIC = re.compile(
    r"(?:(?:mrs?|ms|miss|mx|dr|prof|sir|dame|rev|herr|frau|hr|fr|mme|m|mlle|sr|sra|srta|dott|sig|"
    r"ing|dipl|univ|mag|med|b\.sc|m\.sc)\b\.?[ -]*)+",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w'’.-]*"
_PERSON = re.compile(rf"{_WORD}(?:,? {_WORD}){{0,4}}")


@cache
def _known() -> frozenset[str]:
    return word_set(_GIVEN_NAMES)


def has_given_name(text: str) -> bool:
    """Return whether the text is written as a name of a person and has a well-known given name.

    The first word counts, or the one behind a comma (`Lovelace, Ada`), titles passed over.
    """
    text = _HONORIFIC.sub("", text, count=1) if _HONORIFIC.match(text) else text
    if not _PERSON.fullmatch(text):
        return False
    before, comma, behind = text.partition(", ")
    name = (behind if comma else before).split(" ", 1)[0].casefold()
    return name in _known() or name.partition("-")[0] in _known()
