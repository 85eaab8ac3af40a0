"""Names of people in running text and in names of columns, by well-known given names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from ai_data_engineer.profiling.meaning.given_names import given_names
from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.specifying.privacy.matches import Match
from ai_data_engineer.specifying.privacy.words import AMBIGUOUS, common_words

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff])"
_WORD = re.compile(rf"{_LETTER}+(?:['’-]{_LETTER}+)*")
_NEXT = re.compile(rf"(?: {{1,2}}|_|\. ?|-| - )({_LETTER}+(?:['’-]{_LETTER}+)*)")
_INVERTED = re.compile(r"(?<!\w)([^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?), $")
_PARTICLES: Final = word_set(
    "de del della der den di da das do dos du la le los las van von zu zum zur bin ibn al el "
    "af av y e ter ten st san mc mac o"
)
_TITLE = re.compile(
    r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Rev|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Sra?|Srta|"
    r"Señora?|Dott|Sig|Signora?|Pani?|Mevr|Dhr|Shri|Smt)\b\.? ?"
    r"(?=((?:[^\W\d_a-zß-öø-ÿ][\w'’-]+\.?(?: |$)?){1,3}))"
)
_CALLED = re.compile(
    r"\b(?:[Cc]ustomer|[Cc]lient|[Pp]atient|[Ee]mployee|[Uu]ser|[Pp]erson|[Dd]octor|[Mm]ember|"
    r"[Ss]tudent|[Cc]ontact|[Cc]olleague|named|called|Kundin|Kunde|Patientin|[Cc]liente|"
    r"Mitarbeiterin|Mitarbeiter) "
    r"(?=([^\W\d_a-zß-öø-ÿ][^\W\d_]+(?: [^\W\d_a-zß-öø-ÿ][^\W\d_]+)?))"
)
_CAMEL = re.compile(r"([a-z]{3,})[A-Z][a-z]+")
_PATRONYMIC = re.compile(
    r"(?:[А-ЯЁІЇЄ][а-яёіїє]+ ){0,2}[А-ЯЁ][а-яё]+(?:ович|евич|овна|евна|ична)\b(?: [А-ЯЁ][а-яё]+)?"
    r"|(?:[A-Z][a-z]+ ){1,2}[A-Z][a-z]+(?:ovich|evich|ovna|evna)\b(?: [A-Z][a-z]+)?"
)
_PATRONYMS: Final = ("ович", "евич", "овна", "евна", "ична", "ovich", "evich", "ovna", "evna")
_FAR_EAST = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff가-힣]")
_OTHER_SCRIPTS: Final = word_set(
    "александр алексей анастасия андрей анна антон валентина василий виктор виктория "
    "владимир дарья дмитрий евгений екатерина елена иван игорь ирина ксения людмила "
    "марина мария максим михаил наталья николай олег ольга павел петр полина роман "
    "светлана сергей софья татьяна юлия юрий яна олександр тарас оксана іван γιώργος "
    "γεώργιος δημήτρης ελένη κατερίνα κωνσταντίνος μαρία νίκος παναγιώτης σοφία "
    "αλέξανδρος محمد أحمد علي فاطمة حسن حسين عبدالله خالد عمر مريم زينب إبراهيم يوسف "
    "نور سارة דוד משה יוסף שרה רחל יעקב חנה מיכל יצחק אברהם राम श्याम राजेश सुनीता "
    "अमित प्रिया राहुल "
)
_CJK = re.compile(
    r"(?:佐藤|鈴木|高橋|田中|伊藤|"
    r"渡辺|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|清水) ?"
    r"[\u3040-\u30ff\u4e00-\u9fff]{1,3}"
    r"|(?<![\u4e00-\u9fff])[王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗張劉陳楊趙黃吳孫馬]"
    r"(?:[伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞刚平偉麗強軍傑濤]{1,2}|小[明红丽华]|[秀志建晓文][一-龥])"
    r"(?![\u4e00-\u9fff])"
    r"|(?<![가-힣])[김이박최정강조윤장임한오서신권황안송류홍] ?"
    r"(?:민[수준지서호]|지[훈현은영우민]|서[연윤준현]|영[희수호숙자]|철수|현[우정주]|수[진빈민]|은[지영주])(?![가-힣])"
)


_MORE: Final = word_set(
    "abby abel adele aileen alastair alec alex alexa alisha alistair allan allen alyssa amara "
    "amari "
    "andy angie anita annabel annie anya ariana ariel arlene arturo ashton aubrey audra ayesha "
    "barney barry beatrice becky belinda benny bernadette bernice bert beth bethany betsy billie "
    "blake bonnie bradley brady brandy brett briana bridget brody bryce byron caitlyn callum "
    "cameron candace candice carlton caroll carolann carrie cary casey cassidy cathy cecil "
    "charlie chelsea cherie chester chris chuck cindy clarence clark claudette clifford clint "
    "clinton clyde cody colin colleen connie courtenay dale daphne darlene darrell darryl dave "
    "davis debbie della delores demi dewayne dexter dianna dianne dolly dominick donovan doug "
    "dustin "
    "dwayne dwight earl ebony eddie edgar edith edna edwin eileen elaine eleanor eli ellie ellis "
    "eloise elton emerson emmett erick erin ernest erwin essie estelle eunice evangeline ezra faye "
    "felicity fergus floyd fran frankie fred freddie frederick gail garrett gavin geoffrey gerry "
    "gilda ginny glenn glenda gloria gordon greg gregg guillermina gus gwen gwendolyn hailey hank "
    "harley harriet harrison harry harvey hayden hazel heath hilary horace howard ike imani ingrid "
    "irma irving irwin ismael issac iva jackie jaden jana jane janelle janine jared jarrod jasper "
    "jayden jeannette jed jeff jenna jenny jeremiah jerome jesse jim jimmie jimmy jo joann joanne "
    "jocelyn jodi jodie jody joey johnathan jonathon joni josephine josie juanita judd jude julian "
    "june kaitlyn kara kareem kathy katy kayleigh keira kellie kelley kelsey kendall kendra kenny "
    "kerry kieran kim kristi kristie kristopher krystal lakeisha lamar lana latoya laurie lawson "
    "leah leanne leroy lesley lewis liza lloyd lois lonnie lora loretta lorraine louie lucille "
    "luella lula luther lyle lynda lynette lynn lynne mabel mackenzie malcolm mandy marcella "
    "marcia "
    "marge margery margie marian maribeth marjorie marlon marsha marshall marvin mathew matt "
    "mattie "
    "maya melinda melody melvin mercy merle mia micah mickey mike mildred milton mindy minnie "
    "miranda mitchell mohamad mohammad monty muriel myra myrtle nadine naomi nate neal ned nell "
    "nellie nelson nettie neville nichole nicky noel nolan nora noreen norman norris olive ollie "
    "opal oswald otis pam patsy patti patty pauly pearl peggy penny percy perry pete phil phillip "
    "phoebe phyllis preston priscilla rachael ralph ramona randall randolph rebekah reggie "
    "reginald "
    "rhett rhoda rhonda ricky riley rob robbie robin robyn rodney roderick roland ronald ronnie "
    "rory "
    "roscoe rosalind rosemary rosie ross rowan roxanne ruby rudy rufus rupert russ rusty ryder "
    "sadie "
    "sally samara sammy sandy sasha saul savannah selena seth shane shannon shari sheila shelby "
    "shelia sheldon shelley shelly sheri sherman sherri sherry sherwin sidney simone skylar sonya "
    "spencer stacey stacy stanley steve stewart stuart sue summer susie suzette sybil sydney "
    "tabitha "
    "tamika tanya tasha tate ted teddy terence terrance terrell tessa theodore theresa tia todd "
    "tommy "
    "tonya tori tracey tracie travis tricia trina trisha tristan troy trudy tucker ty tyrone "
    "tyrell "
    "valarie vaughn velma vern vernon vicki vickie vicky vince viola vivian viviane wallace ward "
    "warren wendell wesley whitney wilbur wilbert wiley wilfred willard willis wilson winifred "
    "winston woodrow xander yasmine yolanda yvette zach zack zane zelda zoey zola "
    "abebe abena achieng adaeze ade adebayo adwoa akosua amadou amina aminata asante awa ayodele "
    "babatunde boubacar chiamaka chidi chike chinedu chinonso chinwe dembele efua emeka fatou "
    "folake "
    "funmilayo ibrahima ife ifeoma ikenna jabari kamau kofi kwabena kwame kwesi lerato mandla "
    "mariama "
    "moussa mwangi naledi ngozi njeri nkechi nnamdi nomvula obinna olamide oluwaseun onyeka "
    "ousmane sekou sibusiso sipho tendai thabo thandiwe themba tunde uchenna wanjiru yaw yetunde "
    "zanele anwar ashraf aya bashir bilal dalal fadi faris farouk fouad ghassan hadi haitham hamad "
    "hisham huda jalal jamila karima khadija laila latifa layan leila lubna maha mansour marwa "
    "mazen mohammad muna nadir najib nasser noura omar qasim rana rania rasha rima salma samar "
    "shaima tamer wael yara yasir yasmeen youssra ziad anjali arjun deepika devika gauri "
    "harpreet ishita jaspreet kabita kunal manpreet meenakshi mitali nandita navneet nidhi parul "
    "pallavi piyush priyanka rekha ritika rohit ruchi sachin sapna shreya shruti siddharth sneha "
    "sonali swati tanmay tejas uday vaibhav vidya vineet vivek yamini zara akihiro asuka ayumi "
    "chihiro daichi eiko fumiko hanako haruko hayato hikaru hinata hitomi isamu itsuki jiro junko "
    "kaori kazuo keisuke kenichi koji kyoko mai mamoru manabu masako masao megumi michiko midori "
    "misaki mitsuko nanami naomi natsuki osamu reiko riku ryota saburo satoko sayaka setsuko "
    "shigeru "
    "shinichi shizuka shun sora susumu tadashi taro tatsuya tetsuya tomoya toshiko yasuko yoshio "
    "yukiko yuka yumiko bao binh cuong dung duc giang hanh hieu hoa huong khanh lien linh loan "
    "mai minh ngoc nguyen nhung phuong quan quang quyen thanh thao thi thu thuy tien trang trinh "
    "tuan tuyet van vinh xuan budi dewi eka fitri hendra indah kartini ketut made ngurah nyoman "
    "putri rahma ratna rizky siti slamet sri suharto susilo wahyu wayan yanti arturas jonas "
    "kestutis "
    "rasa vytautas andris janis liga aivar jaan kadri kristjan maarja mart priit tiit toomas aoife "
    "cian ciara conor eoin fionn maeve niamh oisin padraig roisin saoirse sinead siobhan angharad "
    "bronwyn carys ceri dafydd dylan emrys gethin gwyn ieuan llewelyn megan rhian rhys sian tegan "
    "agapi alexandros anastasios apostolos athanasios charalampos christos despina dimitra "
    "dimitrios "
    "eftychia eleni evangelia georgios giorgos ioanna ioannis kalliopi kostas kyriaki nikolaos "
    "panagiotis paraskevi spyros stavros theodoros vasiliki vassilis yiannis aleksei alexei "
    "anatoly "
    "arkady boris dmitrii ekaterina evgeny fyodor galina gennady grigory ilya kirill lev lyudmila "
    "maksim mikhail nadezhda natalya nikita oksana pyotr sergey stepan svetlana timofey valery "
    "vasily vera viktor vladislav vyacheslav yana yegor yelena yevgeny yuliya zinaida bohdan "
    "iryna mykola olena oleksandr oleksiy petro serhiy taras volodymyr yaroslav aleksandar bojan "
    "dejan dragana goran igor jovana ljubica marija milica mirjana nemanja nenad slavica slobodan "
    "snezana stevan tijana vladan zeljko zorica alperen asli aylin ayten baris berk burak cem "
    "cemil "
    "deniz derya dilek ebru ece elif emrah erdem esra fikret gamze gizem gul hakan halil hulya "
    "kemal leyla melek meryem mert mesut nazan nuray nurcan onur orhan ozan ozge ozgur pinar "
    "recep selin serkan sevgi sibel suleyman tolga tuba ufuk umut volkan yagmur yildiz zehra "
    "adina alexandru anca bogdan catalin ciprian cosmin cristina daciana dorin dragos elena emilia "
    "florentina gabriela iulia iuliana laurentiu liviu loredana lucian luminita madalina marius "
    "mihaela mirela nicoleta octavian oana raluca razvan roxana simona sorin stefania stelian "
    "traian valentin vasile viorica vlad agnieszka bozena dariusz ewelina gosia halina jaroslaw "
    "jolanta kasia kinga krystian leszek lucyna maciek marzena milosz natalia oliwia piotrek radek "
    "renata sebastian slawek tadek tomek urszula wiktor wiktoria zdzislaw aapo aino antti arto "
    "eeva elias elli emmi hannu heikki helmi iida ilkka jaakko jarkko jari jenni joonas jouni "
    "jukka "
    "juho kaarina kaisa kalevi katri kirsti lauri leena liisa maija marja markku matti mikko minna "
    "niina oili olli outi paavo paivi pasi petri pirjo raija reijo risto ritva saara sanni sanna "
    "sari satu seija seppo sirpa taina tapio teemu terttu timo toini tuija tuomas tuukka valtteri "
    "veikko ville virpi anders astrid bengt birgit bo bodil britt ebba egil eivind elsa emmy "
    "erling eskil gosta greger gun gunilla gustaf hjalmar ingmar ingegerd johannes jorgen kerstin "
    "kjersti lennart lillemor maj-britt margareta mats mattias monika niclas nils olle orjan ove "
    "ragnar rasmus rolf roger rune siv sigvard solveig stig sture svante sverre tage tommy "
    "torbjorn "
    "torkel tove turid tuva ulla-britt vidar viveca yngve osten"
)


@cache
def _given() -> frozenset[str]:
    return frozenset(map(_folded, given_names() | _MORE | _OTHER_SCRIPTS))


def _folded(word: str) -> str:
    """Return a word in lower case, without the accents that people leave out."""
    lower = word.lower()
    if lower.isascii() or any("\u0590" <= c <= "\u1dff" for c in lower):
        return lower
    plain = unicodedata.normalize("NFKD", lower.replace("ς", "σ").replace("ł", "l"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def is_given(word: str) -> bool:
    """Return whether a word in lower case is a given name and seldom anything else."""
    return len(word) > 2 and word in _given() and word not in AMBIGUOUS


def people(text: str) -> Iterator[Match]:
    """Yield names of people in a text: given names with what follows them, and titled names."""
    for titled in (_TITLE, _CALLED):
        for found in titled.finditer(text):
            named = found[1].rstrip()
            if named.split(" ")[0].casefold() not in common_words():
                yield Match("name", found.start(1), found.start(1) + len(named))
    if any(ending in text for ending in _PATRONYMS):
        yield from (Match("name", m.start(), m.end()) for m in _PATRONYMIC.finditer(text))
    if not text.isascii() and _FAR_EAST.search(text):
        yield from (Match("name", m.start(), m.end()) for m in _CJK.finditer(text))
    # Each word is looked up once; where the few given names stand is looked for afterwards.
    for word in {w for w in set(_WORD.findall(text)) if len(w) > 2 and _may_be_name(w)}:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if not _is_letter(text, at - 1) and not _is_letter(text, end):
                yield from _named(text, at, end)
            at = text.find(word, end)


def _may_be_name(word: str) -> bool:
    if _folded(word).partition("-")[0] in _given():
        return True
    camel = _CAMEL.fullmatch(word)
    return camel is not None and is_given(camel[1])


def _is_letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalpha() or "\u0900" <= text[at] <= "\u0dff")


def _named(text: str, start: int, end: int) -> Iterator[Match]:
    """Yield the name of a person whose given name stands there, if that is what it is."""
    word = text[start:end]
    clear = _folded(word).partition("-")[0] not in AMBIGUOUS
    after = _surname(text, end)
    if after is not None:
        begin, behind = after
        if clear or (word[0].isupper() and text[begin].isupper() and not word.isupper()):
            end = behind
        else:
            after = None
    before = _INVERTED.search(text, max(0, start - 40), start)
    if before is not None and _folded(before[1]) not in common_words():
        start, clear = before.start(), True  # Lovelace, Ada
    if after is not None or clear:
        yield Match("name", start, end)


def _surname(text: str, at: int) -> tuple[int, int] | None:
    """Return where the last word of a name stands whose given name ends there, or None."""
    last = None
    for _ in range(4):
        word = _NEXT.match(text, at)
        if word is None:
            break
        at = word.end()
        folded = _folded(word[1])
        if folded in _PARTICLES or (len(word[1]) == 1 and word[1].isupper()):
            continue
        is_short = len(folded) < 2 or (len(folded) == 2 and word[1].isupper())
        if is_short or folded in common_words():
            break
        if folded in AMBIGUOUS and not word[1][0].isupper():
            break
        last = word.span(1)
        if not word[1][0].isupper():
            break
    return last


def may_be_given(word: str) -> bool:
    """Return whether a word in lower case is a given name, whatever else it may be."""
    return word in _given()
