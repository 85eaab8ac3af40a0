"""Given names: what tells a person's name from another thing that is written with a capital."""

from __future__ import annotations

import re
from functools import cache

from ai_data_engineer.profiling.vocabulary import word_set

_GIVEN_NAMES = """
aarav aaron aarti abdallah abdul abdullah abdulrahman abhishek abigail ada adam adel adele aditya
adrian adriana agnes agnieszka agustin ahmad ahmed ahmet aida aiko aisha ajay akash akiko akira
alain alan alba alban albert alberta alberto albin alejandra alejandro aleksandra alessandro
alessia alessio alexander alexandra alexandre alexei alexis alfonso alfred alfredo ali alice
alicia aline alison alka allison aloisia alvaro amal amalia amanda amber amelia amelie amina amir
amit amparo amy amélie ana anais anand ananya anas anastasia anastasio anaïs anders andre andrea
andreas andreea andres andrew andrzej andré andrés anette angel angela angelika angelo anh anil
anita anja anjali ann anna anna-lena anne annette annika anouk ansgar anthony antje antoine
antonella antonia antonio antonín anu anup apolonia april arianna arjun arnaud arne arnold arthur
artur arvid arvind asha ashley ashok asif asma astrid asuka asuncion attila audrey augusta
augustin aurelie aurora aurélie austin ava axel ayaka ayman ayse ayşe aziz balazs baptiste barbara
barbora bartosz bas basilio bastian beata beate beatriz benedikt benito benjamin benjamín benoit
benoît bernard bernd berta bertha bettina betty beverly bhavna bianca bilal billy birgit birgitta
bjorn björn blanca bobby bogdan boguslaw bohumil boris brandon brenda brian brigitta brigitte
brittany bruce bruna bruno bryan caio caitlin caleb camila camilla camille carina carl carla carlo
carlos carlota carlotta carmen carol carola caroline carolyn casimiro caspar cassandra catarina
caterina catherine cathrine cecilia cecilie cecília celia celina celine celso cesar chad chandra
chantal charles charlotte chen cheng cheryl chiara chitra chloe chloé christa christel christian
christiane christina christine christophe christopher ciro claire claude claudia claudio claus
clemens clementine cleo clive colette conchita connor conrad constance consuelo corey corinna
cornelia cornelis cosimo costanza courtney craig crina cristian cristiana cristina cristobal
cristóbal crystal curtis cynthia cyril céline césar daan dagmar daiki daisuke dalia damian damiano
dan dana daniel daniela danielle danny danuta dario darren davi david david-alexander davide dawn
deborah debra deepak delia denis denise dennis derek desiree detlef diana diane diego dieter
dimitri dina dinesh dinis dirk dita divya dmitri dmitry dolores domenico dominic dominik dominika
dominique donald donatella donato donna dora doreen dorina doris dorota dorothy douglas dragan
dusan dušan dylan désirée edda edmund edoardo edsger eduard eduarda eduardo edvard edward eero
efisio egon eino ekaterina elena eleonora eliana eliane elias elif elijah elin elina elisa
elisabeth eliza elizabeth elke ella ellen elli elmer elodie elsa elvira elzbieta elżbieta emanuel
emanuela emanuele emi emil emile emilia emiliano emilie emilio emily emine emma emre enrico
enrique enzo eric erica erich erik erika erin ernestine ernesto ernst esmeralda espen esperanza
estefania estelle ester esther ethan etienne eugen eugene eugenia eugenio eva eva-maria evan
evelina evelyn evelyne ewa ezio fabian fabiana fabien fabienne fabio fabiola fabrizio faisal fang
farah farhan farid fatima fatma faustino federica federico felicia felicitas felipa felipe felix
femke feng ferdinand fermin fernand fernanda fernando filip filipa filippa filippo finn fiona
flavia flavio fleur flora florence florentino florian florin franca frances francesca francesco
francis francisco franck franco francois francoise frank frantisek františek franz franziska
franziskus françois françoise frederic frederik frederique fredrik freja freya frida frieda
friedhelm friedrich fritz frédéric fábio gabriel gabriela gabriele gabriella gaetano gang gareth
gary gaspar gaston gastone gaurav geeta gemma genoveva georg george georges georgeta georgina
gerald gerard gerd gerda gerhard german germán geronimo gertrud ghada gheorghe giacomo gianluca
gianni gilbert gilberto gina ginevra gino gioacchino gioele giorgia giorgio giovanna giovanni
girish gisela gisele gisèle giulia giuliana giuliano giuseppe giuseppina gloria gonzalo gopal gotz
govind grace gracia graham gregor gregory greta gretchen grzegorz guadalupe guang guido guilherme
guillaume guillermo gunda gunhild gunnar gunter gustav gustavo gérard götz günter günther habib
hagen hai hakan hala halina hamza hana hanan hanna hannah hanne hannelore hans hans-peter
hanspeter hao harald hari harish harold harri harriet haruka haruto hasan hassan hatice heather
hector hedwig heidi heike heiner heinrich heinz heleen helen helene helga helmi helmut hemant
hendrik henk henri henrietta henriette henrik henrique henry herbert heribert herman hermann
hermine hideo hilda hilde hildegard hiroko hiroshi holly hong horatiu horia horst hua hubert huda
hugo hui humberto hunter huseyin hussein håkan héctor hélène hüseyin ian ibrahim ida iga ignacio
ignaz igor ilaria ilie ilona ilse iman imelda imogen imran imre indira ines inga inge ingeborg
inger ingo ingrid ingvild inmaculada inès inés inês ioan ioana ion irene ireneusz irina iris irma
irmgard isaac isabel isabela isabella isabelle isaias ishaan isidro ismael ismail istvan itziar
ivan ivana ivar iveta ivo iván jacek jacinto jack jacob jacqueline jacques jadwiga jagdish jaime
jakob jakub jamal james jamie jamila jan jana janet janice janina janne jannie jannik janos jari
jarmila jaroslav jasmine jason jaume javier javiera jaya jean jeanne jeannine jeffrey jelena
jennifer jens jeremias jeremy jeroen jerome jerry jerzy jesse jessica jessie jesus jesús jian jie
jill jing jiri jitka jiří joachim joan joana joanna joao joaquin joaquín jochen joe joel johan
johana johann johanna johannes john johnny jolanda jonas jonathan jonna jordan jordi jorg jorge
joris jose josef josefa josefina josefine joseph josephine josette joshua josip josé joséphine
jovan joyce joão joël juan juana juani judith judy juhani jules julia juliana juliane julie julien
juliette julius jun jurgen justin justina justine jutta jyoti jérémy jérôme jörg jürgen kabir kai
kaito kaja kamal kamil kamila kana karan karel karen kari kari-anne karim karin karl karla karol
karolin karolina karoline karsten kaspar kasper katarina katarzyna katharina katharine kathe
katherine kathleen kathrin kathryn katie katja katrin kavita kayla kazuki keiko keith kelly kenji
kenneth kenta kerstin kerttu kevin khadija khalid kimberly kiran kirsi kirsten kishore kjell klaas
klara klaus knut konrad konstantin konstanze kornel krishna kristen kristian kristiina kristin
kristina kristoffer krystyna krzysztof kumiko kurt kyle ladislav laetitia laia lakshmi lalita
lambert lan lara larisa larissa larry lars lasse laszlo lata laura laure lauren laurence laurent
lauri laurin lawrence layla lea leandra leandro lei leif leila lena leni lennart leo leon leonardo
leonie leonor leonora leopold leslie leszek leticia letícia liam lidia lieselotte lilian lilly lin
lina linda ling linnea lino linus lisa lisbeth liselotte lisette liv livia logan lone loredana
lorena lorenz lorenzo loreto lori lotta lotte lou louis louisa louise lourdes luana luca lucas
lucia lucian luciana luciano lucie lucien lucio lucrezia lucy lucía ludger ludmila ludovica ludwig
luigi luigia luis luisa luise luisella lukas lukasz luke lutz lydia lydie léa maarten macarena
maciej madalena madeleine madhu madison mads magali magda magdalena magnus mahesh mahmoud maite
maj maja majid makoto malena malene malgorzata malik malin malte manfred manish manju manoj manon
manuel manuela marcel marcela marceli marcelina marcello marcelo marcin marcio marco marco-antonio
marcos marcus marek margaret margarete margaretha margarethe margarida margarita margaux
margherita margit margita margot margrethe maria maria-luisa mariam marian mariana marianna
marianne mariano maribel maricela marie marieke mariko marilena marilyn marina marinus mario
mariola marion mariona marisa marisol maristela marit marita marius mariusz marjan marjatta mark
markku marko markus marlena marlene marlies marlis marta martha marthe martin martina martine
martyna marwan mary maryam masashi mason massimiliano massimo mateo mateusz mathias mathieu
mathilde matilda matilde matteo matthew matthias matthieu matti maud maureen maurice mauricio
maurizio mauro maurycy max maxime maximilian maximiliano mayumi małgorzata mechthild meera megan
megumi mehmet mei meike melanie melchor melina melissa mercedes meritxell merve mette mia michael
michaela michal michał michel michela michele michelle miguel miguela mihaela mihai mihail miho
mika mikael mikhail miki mikkel mikko mikolaj mikuláš milan milena milos miloslav miloš min mina
ming minh mira mircea mireia mirela miriam miroslav miroslaw misty modesto mohamed mohammed mohan
molly mona monica monika monique montserrat morgan moritz morten moses mostafa mourad muhammad
mukesh murat mustafa mélanie nabil nada nadezda nadia nadine nadja nahia naima nancy nandini naoki
naoko naresh natacha natalia natalie natalya natasha nathalie nathan nathanael nathaniel naveen
neeraj neha neil nele nerea nestor nicholas niclas nicola nicolas nicolaus nicole nicoletta niels
nieves nigel nikhil nikita niklas niko nikolai nikolas nikolaus nils nina ning nino nisha nitin
noah noelia noor norbert noriko norma nour nuno nuria octavia octavian octavio odile ofelia olaf
olav olavi ole oleg olga oliver olivia olivier olof omar ondrej ondřej oriol orlando oscar oskar
osman osvaldo othmar otilia ottavio otto ovidiu owen paavo pablo paige paloma pamela paola paolo
parvati pascal pascale pascual pasquale pastor patrice patricia patricio patrick patrik patryk
paul paula paulette pauli pauliina paulina pauline paulo pavel pawel paweł pedro pekka penelope
peng per per-erik perla petar peter petr petra petter philip philipp philippa philippe pia pierre
pieter pieternella pietro pilar ping piotr pirkko placido pooja poppy pradeep prakash prashant
prem priya prudencia qiang qing quentin rachel rachid radek radha radoslav radu rafael raffaele
raffaella raghav rahul raimund rainer raj rajesh rajiv rakesh ralf ralph ramesh rami ramiro ramon
ramona ramón randi randy rani rania raphael raphaël raquel rashid rashmi rasmus raul ravi raymond
raúl rebecca reem reidun reiner reinhard reinhold reinier reino rekha remedios remigiusz remo ren
renata renate renato renaud rene rené reyes reynaldo ricardo riccardo richard rico rieke riku rina
rishi rita ritu roald robbe robert roberta roberto rocco roch rocio rocío rodolfo rodrigo rogelio
roger rogerio rohan roland rolando rolf roman romana romeo ronald rong ronja rosa rosalia rosalie
rosalinda rosana rosanna rosario roselyne rosemarie rosina rosita roswitha roxana roy ruben rubén
rudi rudolf rufino rui rukmini rune ruslan russell ruth ruud ryan ryo ryszard saad sabina sabine
sabrina sachin said sakura salem salim salma salome salomé salvador salvatore samantha samir
samira samuel samuele samuli sana sandeep sander sandra sandrine sandro sangeeta sanjay sanne
sante santiago santina santino sara sarah sari sascha saskia satoshi saurabh saverio scott sean
sebastian sebastiano sebastien selim selma sem serafina serena serge sergei sergej sergio sergiu
severin severino shan shankar shanti sharad sharon shashi shawn shilpa shinji shirin shirley shiva
shobha shota shreya sibylle siegfried sigmund sigrid sigurd silas silje silke silvana silvester
silvia silvio simon simona simone sinikka sissel sita slawomir sofia sofie sofija sofía soledad
solveig sonal sonia sonja sophia sophie sora soren staffan stanislav stanislava stanislaw
stanisław stefan stefania stefanie stefano stefanus steffen stella stellan stephane stephanie
stephen steven stijn stina stuart stéphanie sudha sultan suman sumit sune sunil sunita surendra
suresh susan susana susann susanna susanne suzanne svein sven svenja svetlana swati swen sylvain
sylvester sylvia sylvie szymon sébastien søren sławomir tadeusz taha takashi takeshi takumi tamara
tammy tania tanja tanvi tao tara tariq tarun tatiana tatjana tea telmo teo teodor teodora teodoro
teofilo teresa teresita tereza terhi terje terry thea theo theodor theodora theresa thiago thierry
thijs thilo thomas thomas-henri thor thorbjørn thorsten thérèse tiago tiffany tiina tim timm timo
timothy tina tine ting tito tiziana tobias todd tom tomas tomasz tommaso tommy tomoko tomás tomáš
toni torben torbjorn torbjørn tore torsten tracy travis trevor trine trond tsubasa tullio tuula
tyler ugo ulf ulla ulrich ulrik ulrika ulrike uma urban urs ursel ursula urszula usha ute uwe
vaclav valentin valentina valentino valeria valerie valerija valerio valérie vandana vanesa
vanessa varun vera verena veronica veronique verónica vesna vicente victor victoria viggo vijay
vikas vikram viktor viktoria viktoriya vilhelm ville vilma vinay vincent vincenzo vinicius vinod
vinzenz viola violeta violetta virgil virgilio virginia virginie vishal vita vito vitor vitoria
vittoria vittorio vitória vivaan vladimir vladislav vlastimil vojtech volker václav véronique
walburga waldemar waldtraut walid walter waltraud wanda wayne wei wen wenche wendelin wendy werner
wibke wieslaw wilfried wilhelm wilhelmine willem willi william willie wilma winfried witold
wojciech wolf wolfgang wouter xavi xavier xenia xia xiang xiao ximena xin xiu yan yang yann
yannick yash yasin yasmin yasmine yassin ying yogesh yoko yolanda yong yoshiko yosuke yousef
youssef yuki yumi yun yuri yusuf yusuke yuto yvan yves yvette yvonne zachary zahra zaid zainab
zakaria zbigniew zdenek zdenka zdeněk zeinab zenon zeynep zhen zhi zita zoe zofia zoltan zoran
zsofia zygmunt álvaro ángel élodie émile émilie éric łukasz
"""
_NOT_OF_PEOPLE = word_set(
    "street st road rd avenue ave lane ln drive dr court ct boulevard blvd way place pl square "
    "terrace parkway highway circle close crescent loop trail plaza row walk alley arcade bend "
    "branch bridge brook bypass canyon cape causeway center centre corner course cove creek "
    "crossing dale dam divide estate estates expressway extension falls ferry field fields flat "
    "ford forest forge fork fort freeway garden gardens gateway glen green grove harbor harbour "
    "haven heights hill hills hollow inlet island junction key knoll lake lakes landing light loaf "
    "locks lodge mall manor meadow meadows mews mill mills mission motorway mount mountain neck "
    "orchard oval overpass park parks pass passage path pike pine plain plains point port prairie "
    "radial ramp ranch rapid ridge river route rue run shoal shore shores skyway spring springs "
    "spur station stream summit throughway trace track tunnel turnpike union valley via viaduct "
    "view village ville vista well wells school college university church hospital library museum "
    "hotel airport stadium inc llc ltd gmbh ag group company co corp sons bros partners holdings "
    "associates foundation institute team fc"
)
"""Last words of what is named after people: streets, places, houses, firms."""
_HONORIFIC = re.compile(
    r"(?:(?:mrs?|ms|miss|mx|dra?|prof|sir|dame|rev|herr|frau|hr|fr|mme|m|mlle|sra?|srta|dott|sig|"
    r"ing|dipl|univ|mag|med|pani?|de heer|mevr|shri|smt)\b\.?[ -]*)+",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w'’.-]*"
_PERSON = re.compile(rf"{_WORD}(?:,? {_WORD}){{0,4}}")


@cache
def given_names() -> frozenset[str]:
    """Return the well-known given names, in lower case."""
    return word_set(_GIVEN_NAMES)


def has_given_name(text: str) -> bool:
    """Return whether the text is written as a name of a person and has a well-known given name.

    The first word counts, or the one behind a comma (`Lovelace, Ada`), titles passed over.
    """
    text = _HONORIFIC.sub("", text, count=1) if _HONORIFIC.match(text) else text
    if not _PERSON.fullmatch(text):
        return False
    if text.rpartition(" ")[2].casefold().rstrip(".") in _NOT_OF_PEOPLE:
        return False
    before, comma, behind = text.partition(", ")
    name = (behind if comma else before).split(" ", 1)[0].casefold()
    return name in given_names() or name.partition("-")[0] in given_names()
