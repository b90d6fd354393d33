"""Made-up names of people, companies, towns and streets; surnames and towns are coined, not found."""

_WOMEN = """
Adela Amparo Ángela Begoña Candela Carlota Clara Débora Edurne Encarnación Esperanza Guillermina Inés
Leire Leocadia Lucía Manuela Mercè Noelia Núria Pilar Rocío Sofía Úrsula Verónica Yolanda
"""
_MEN = """
Aitor Álvaro Andrés Benjamín César Cosme Elías Eneko Fermín Gonzalo Héctor Íñigo Isidro Jacinto Joaquín
Jordi Marcial Mateo Nicolás Óscar Ramón Rubén Salvador Tomás Valentín Xoán Zacarías
"""
WOMEN = (*_WOMEN.split(), "María de los Ángeles", "Ana Belén", "María Inmaculada", "María del Carmen")
MEN = (*_MEN.split(), "José Ignacio", "Juan Bautista")
CHILDREN = (*_WOMEN.split(), *_MEN.split())
_SURNAMES = """
Abarzuela Albarrañín Almazuela Barreñada Berganzuela Bermuñoz Cabrañedo Carrascuel Castañuela
Cifuenteño Corveñal Dueñaval Escabeñas Espinavete Fontañedo Fuenterreña Garcimuño Gorostegaray
Guadañil Hinojalba Iturrizgoitia Jarandeño Lezamendía Llamazuela Montalbeño Naharruela Olmedaña
Ordoñuela Palazueña Peñalavega Piñerolas Quintañuela Rebolleñas Robledañez Saldañuela
Sotomayuela Tordehúmez Urrozteguía Valdeñigo Villarreñas Ybarruela Zamarramuño Zorriqueta
Çarrabeño
"""
SURNAMES = tuple(_SURNAMES.split())
LONG_SURNAMES = ("de la Fuenterreña y Montalbeño", "Gómez de Tordehúmez", "del Olmo-Peñalavega")

TRADES = (
    "Talleres",
    "Clínica Dental",
    "Asesoría",
    "Transportes",
    "Distribuciones Hortofrutícolas",
    "Instalaciones Eléctricas",
    "Hostelería",
    "Estudio de Arquitectura",
    "Carpintería Metálica",
    "Viveros",
    "Imprenta",
    "Gestión Inmobiliaria",
    "Conservas",
    "Laboratorio Óptico",
    "Construcciones y Reformas",
    "Informática",
    "Residencia de Mayores",
    "Escuela Infantil",
    "Bodegas",
    "Logística y Almacén",
)
SHOP_TRADES = ("Papelería", "Librería", "Juguetería", "Mercería", "Ferretería")
LEGAL_FORMS = (
    ("S.L.", "B"),
    ("S.L.U.", "B"),
    ("S.A.", "A"),
    ("S. Coop.", "F"),
    ("C.B.", "E"),
    ("e Hijos S.L.", "B"),
)
LONG_COMPANIES = (
    "Sociedad de Servicios Educativos, Culturales y de Tiempo Libre Nuestra Señora de",
    "Agrupación para la Formación Continua de la Comarca de Peñalavega y Tordehúmez Hermanos",
    "Compañía Ibérica de Montajes Electromecánicos y Mantenimiento Industrial",
)
FOREIGN_COMPANIES = (
    "Larkhollow Language Services, Inc.",
    "Brightmere Training, LLC",
    "Osterwell Media, Inc.",
)
TOWNS = (
    "Villaolmedaña",
    "Fuenterreña del Monte",
    "Peñalavega de Arriba",
    "San Cosme de Hinojalba",
    "Castroñuela",
    "Tordehúmez de la Sierra",
    "Alcobeña de los Infantes",
)
BODIES = (
    ("Ayuntamiento de {town}", "P"),
    ("Mancomunidad de Servicios de {town}", "P"),
    ("Patronato Municipal de Cultura de {town}", "P"),
    ("Consorcio Comarcal de Formación de {town}", "Q"),
)
GROUPS = ("Grupo Montalbeño", "Grupo Hinojalba", "Corporación Lezamendía")

STREETS = (
    "Calle de los Almendros Altos",
    "Avenida del Mirlo",
    "Plaza de la Noria Vieja",
    "Calle Peñalavega",
    "Camino de las Eras Nuevas",
    "Paseo de los Tilos Dormidos",
    "Travesía del Castañar",
    "Polígono Industrial Hinojalba, nave",
)

PLACES = (
    # city, calendar place, first digits of its postal codes, how often
    ("Madrid", "ES-MD", "28", 34),
    ("Alcalá de Henares", "ES-MD", "28", 10),
    ("Getafe", "ES-MD", "28", 8),
    ("Barcelona", "ES-CT", "08", 8),
    ("Girona", "ES-CT", "17", 3),
    ("València", "ES-VC", "46", 6),
    ("Sevilla", "ES-AN", "41", 5),
    ("Córdoba", "ES-AN", "14", 3),
    ("Bilbao", "ES-PV", "48", 4),
    ("A Coruña", "ES-GA", "15", 3),
    ("Zaragoza", "ES-AR", "50", 4),
    ("Toledo", "ES-CM", "45", 4),
    ("Logroño", "ES-RI", "26", 2),
    ("Las Palmas de Gran Canaria", "ES-CN", "35", 10),
)

COURSES = (
    # what a family buys each month, and its price in cents
    ("Inglés B1, mensualidad", 7200),
    ("Inglés infantil, mensualidad", 5400),
    ("Refuerzo de matemáticas, mensualidad", 6800),
    ("Preparación de selectividad, mensualidad", 12500),
    ("Piano, mensualidad", 8900),
    ("Robótica, mensualidad", 6350),
    ("Alemán A2, mensualidad", 7950),
)
SERVICES = (
    "Formación en empresa",
    "Traducción técnica",
    "Interpretación en feria",
    "Curso de prevención de riesgos",
    "Diseño de material didáctico",
    "Talleres de verano",
    "Consultoría lingüística",
    "Curso de ofimática",
)
SHOP_GOODS = ("Material didáctico", "Libros y cuadernos", "Juegos educativos")
PERSONAL_SERVICES = ("Clases particulares", "Curso intensivo", "Traducción jurada", "Preparación de examen")
