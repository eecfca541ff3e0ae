-- A ledger as the first release left it: every kind of row, a revised target, an undone operation.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'ucli','m001_first_schema','2026-11-22 04:22:43.965772+00:00');
CREATE TABLE ancestry (
    unit INTEGER NOT NULL REFERENCES unit (id),
    ancestor INTEGER NOT NULL REFERENCES unit (id),
    depth INTEGER NOT NULL CHECK (depth >= 0 AND (depth = 0) = (unit = ancestor)),
    from_day TEXT NOT NULL CHECK (from_day = date(from_day, '+0 days')),
    to_day TEXT NOT NULL CHECK (to_day = date(to_day, '+0 days') AND to_day > from_day),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (unit, ancestor, from_day, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "ancestry" VALUES(1,1,0,'0001-01-01','9999-12-31',1,9223372036854775807,1);
INSERT INTO "ancestry" VALUES(2,1,1,'0001-01-01','9999-12-31',2,9223372036854775807,2);
INSERT INTO "ancestry" VALUES(2,2,0,'0001-01-01','9999-12-31',2,9223372036854775807,2);
INSERT INTO "ancestry" VALUES(3,1,2,'2024-03-15','9999-12-31',3,9223372036854775807,3);
INSERT INTO "ancestry" VALUES(3,2,1,'2024-03-15','9999-12-31',3,9223372036854775807,3);
INSERT INTO "ancestry" VALUES(3,3,0,'2024-03-15','9999-12-31',3,9223372036854775807,3);
INSERT INTO "ancestry" VALUES(4,4,0,'0001-01-01','9999-12-31',10,11,10);
CREATE TABLE cluster_member (
    cluster INTEGER NOT NULL REFERENCES unit (id),
    year INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (cluster, year, unit, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "cluster_member" VALUES(4,2024,2,10,11,10);
CREATE TABLE cluster_year (
    cluster INTEGER NOT NULL REFERENCES unit (id),
    year INTEGER NOT NULL,
    lead INTEGER REFERENCES unit (id),
    deputy INTEGER REFERENCES unit (id),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (cluster, year, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "cluster_year" VALUES(4,2024,NULL,NULL,10,11,10);
CREATE TABLE figure (
    id INTEGER NOT NULL,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    value INTEGER CHECK (value >= 0),
    part INTEGER CHECK (part >= 0),
    whole INTEGER CHECK (whole IS NULL OR (whole > 0 AND part IS NOT NULL AND value IS NULL)),
    qualifier TEXT CHECK (qualifier IN ('at-least', 'below', 'about')),
    stated_percent TEXT CHECK (coalesce(value, whole, stated_percent) IS NOT NULL),
    stated_qualifier TEXT CHECK (stated_qualifier IN ('at-least', 'below', 'about')),
    source TEXT,
    decision TEXT,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (id, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "figure" VALUES(1,62,2,'2024-01-01','2024-12-31','2024',5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,6,9223372036854775807,6);
CREATE TABLE indicator (id INTEGER PRIMARY KEY) STRICT;
INSERT INTO "indicator" VALUES(1);
INSERT INTO "indicator" VALUES(2);
INSERT INTO "indicator" VALUES(3);
INSERT INTO "indicator" VALUES(4);
INSERT INTO "indicator" VALUES(5);
INSERT INTO "indicator" VALUES(6);
INSERT INTO "indicator" VALUES(7);
INSERT INTO "indicator" VALUES(8);
INSERT INTO "indicator" VALUES(9);
INSERT INTO "indicator" VALUES(10);
INSERT INTO "indicator" VALUES(11);
INSERT INTO "indicator" VALUES(12);
INSERT INTO "indicator" VALUES(13);
INSERT INTO "indicator" VALUES(14);
INSERT INTO "indicator" VALUES(15);
INSERT INTO "indicator" VALUES(16);
INSERT INTO "indicator" VALUES(17);
INSERT INTO "indicator" VALUES(18);
INSERT INTO "indicator" VALUES(19);
INSERT INTO "indicator" VALUES(20);
INSERT INTO "indicator" VALUES(21);
INSERT INTO "indicator" VALUES(22);
INSERT INTO "indicator" VALUES(23);
INSERT INTO "indicator" VALUES(24);
INSERT INTO "indicator" VALUES(25);
INSERT INTO "indicator" VALUES(26);
INSERT INTO "indicator" VALUES(27);
INSERT INTO "indicator" VALUES(28);
INSERT INTO "indicator" VALUES(29);
INSERT INTO "indicator" VALUES(30);
INSERT INTO "indicator" VALUES(31);
INSERT INTO "indicator" VALUES(32);
INSERT INTO "indicator" VALUES(33);
INSERT INTO "indicator" VALUES(34);
INSERT INTO "indicator" VALUES(35);
INSERT INTO "indicator" VALUES(36);
INSERT INTO "indicator" VALUES(37);
INSERT INTO "indicator" VALUES(38);
INSERT INTO "indicator" VALUES(39);
INSERT INTO "indicator" VALUES(40);
INSERT INTO "indicator" VALUES(41);
INSERT INTO "indicator" VALUES(42);
INSERT INTO "indicator" VALUES(43);
INSERT INTO "indicator" VALUES(44);
INSERT INTO "indicator" VALUES(45);
INSERT INTO "indicator" VALUES(46);
INSERT INTO "indicator" VALUES(47);
INSERT INTO "indicator" VALUES(48);
INSERT INTO "indicator" VALUES(49);
INSERT INTO "indicator" VALUES(50);
INSERT INTO "indicator" VALUES(51);
INSERT INTO "indicator" VALUES(52);
INSERT INTO "indicator" VALUES(53);
INSERT INTO "indicator" VALUES(54);
INSERT INTO "indicator" VALUES(55);
INSERT INTO "indicator" VALUES(56);
INSERT INTO "indicator" VALUES(57);
INSERT INTO "indicator" VALUES(58);
INSERT INTO "indicator" VALUES(59);
INSERT INTO "indicator" VALUES(60);
INSERT INTO "indicator" VALUES(61);
INSERT INTO "indicator" VALUES(62);
INSERT INTO "indicator" VALUES(63);
INSERT INTO "indicator" VALUES(64);
INSERT INTO "indicator" VALUES(65);
INSERT INTO "indicator" VALUES(66);
INSERT INTO "indicator" VALUES(67);
INSERT INTO "indicator" VALUES(68);
CREATE TABLE indicator_entry (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    code TEXT NOT NULL CHECK (code <> ''),
    alias TEXT NOT NULL,
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    measure TEXT NOT NULL CHECK (measure <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'ratio', 'average')),
    direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
    counts TEXT NOT NULL,
    may_exceed INTEGER NOT NULL CHECK (may_exceed IN (0, 1)),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (indicator, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "indicator_entry" VALUES(1,'unions-founded','cdcs-moi','Công đoàn cơ sở thành lập mới','Grassroots unions newly founded','CĐCS','flow','higher','foundings',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(2,'unions-dissolved','cdcs-giai-the','Công đoàn cơ sở giải thể hoặc chấm dứt hoạt động','Grassroots unions dissolved or ended','CĐCS','flow','lower','endings',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(3,'unions-total','cdcs-tong','Tổng số công đoàn cơ sở','Grassroots unions in being','CĐCS','stock','higher','unions',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(4,'members-admitted','dv-moi','Đoàn viên kết nạp mới','Members newly admitted (gross)','đoàn viên','flow','higher','admissions',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(5,'members-net-growth','dv-tang-rong','Đoàn viên tăng thêm (tăng trừ giảm)','Net growth of members','đoàn viên','flow','higher','members-admitted - members-lost',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(6,'members-lost','dv-giam','Đoàn viên giảm','Members lost','đoàn viên','flow','lower','leavings',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(7,'members-total','dv-tong','Tổng số đoàn viên','Members in being','đoàn viên','stock','higher','members',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(8,'workers-total','ld-tong','Tổng số công nhân, viên chức, lao động','Workers in the area or unit','người','stock','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(9,'union-density','tl-tap-hop-dv','Tỷ lệ đoàn viên trên tổng số lao động','Union density','%','ratio','higher','members-total / workers-total',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(10,'enterprises-unionised','tl-dn-co-cdcs','Tỷ lệ doanh nghiệp đủ quy mô có công đoàn cơ sở','Enterprises above a size threshold having a union','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(11,'party-introduced','dv-uu-tu','Đoàn viên ưu tú giới thiệu cho Đảng','Outstanding members introduced to the Party','đoàn viên','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(12,'party-admitted','dv-ket-nap-dang','Đoàn viên được kết nạp Đảng','Introduced members admitted to the Party','đoàn viên','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(13,'party-introduced-per-union','uu-tu-bq-cdcs','Bình quân đoàn viên ưu tú giới thiệu trên mỗi CĐCS','Outstanding members introduced per grassroots union','đoàn viên/CĐCS','average','higher','party-introduced / unions-total',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(14,'unions-rated-good','tl-cdcs-xeploai','Tỷ lệ CĐCS xếp loại hoàn thành tốt nhiệm vụ trở lên (trước đây: vững mạnh)','Grassroots unions rated good or better','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(15,'unions-congress-held','tl-cdcs-dai-hoi','Tỷ lệ CĐCS đã tổ chức đại hội','Grassroots unions that held their congress','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(16,'congresses-upper','tl-cttcs-dai-hoi','Công đoàn cấp trên cơ sở đã tổ chức đại hội','Upper-level unions that held their congress','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(17,'targets-met','tl-chi-tieu-dat','Số chỉ tiêu đạt và vượt trên số chỉ tiêu giao','Targets met out of targets set','chỉ tiêu','ratio','higher','targets',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(18,'term-targets-met','tl-chi-tieu-nhiem-ky','Chỉ tiêu nhiệm kỳ đạt và vượt','Targets of the term met','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(19,'officers-trained','tl-cb-tap-huan','Tỷ lệ cán bộ công đoàn được tập huấn, bồi dưỡng','Union officers trained','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(20,'leaders-breakthrough','tl-lanh-dao-dot-pha','Tỷ lệ Chủ tịch, Phó Chủ tịch đăng ký và thực hiện nhiệm vụ đột phá, đổi mới','Chairs and deputies who registered and did a breakthrough task','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(21,'staff-conferences','hn-cbccvc','Cơ quan, đơn vị tổ chức hội nghị cán bộ, công chức, viên chức, người lao động','Public bodies that held a staff conference','đơn vị','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(22,'staff-conference-share','tl-hn-cbccvc','Tỷ lệ cơ quan, đơn vị tổ chức hội nghị cán bộ, công chức, viên chức','Public bodies that held a staff conference, share','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(23,'worker-conferences-state','hn-nld-nn','Doanh nghiệp nhà nước tổ chức hội nghị người lao động','State enterprises that held a worker conference','doanh nghiệp','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(24,'worker-conferences-non-state','hn-nld-ngoai-nn','Doanh nghiệp ngoài nhà nước tổ chức hội nghị người lao động','Non-state enterprises that held a worker conference','doanh nghiệp','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(25,'worker-conference-share','tl-hn-nld','Tỷ lệ doanh nghiệp có CĐCS tổ chức hội nghị người lao động','Unionised enterprises that held a worker conference','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(26,'workplace-dialogues','doi-thoai','Doanh nghiệp tổ chức đối thoại tại nơi làm việc','Enterprises that held workplace dialogue','doanh nghiệp','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(27,'agreements-signed','tuldtt-moi','Thỏa ước lao động tập thể ký mới','Collective agreements newly signed','bản','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(28,'agreement-coverage','tl-tuldtt','Tỷ lệ doanh nghiệp, đơn vị đủ điều kiện ký được thỏa ước lao động tập thể','Eligible unionised enterprises with a collective agreement','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(29,'democracy-regulation-share','tl-qcdc','Tỷ lệ CĐCS tham gia ban hành quy chế dân chủ ở cơ sở','Grassroots unions taking part in the democracy regulation','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(30,'democracy-regulation-state','tl-qcdc-nn','Tỷ lệ CĐCS khu vực nhà nước tham gia ban hành quy chế dân chủ','State-sector unions taking part in the democracy regulation','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(31,'democracy-regulation-non-state','tl-qcdc-ngoai-nn','Tỷ lệ CĐCS ngoài nhà nước tham gia ban hành quy chế dân chủ','Non-state unions taking part in the democracy regulation','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(32,'legal-advice','tvpl-luot','Lượt lao động được tư vấn pháp luật','Legal advice given','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(33,'legal-training-sessions','th-pl-hn','Hội nghị tập huấn pháp luật','Legal training sessions','cuộc','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(34,'legal-training-attendances','th-pl-luot','Lượt đoàn viên, người lao động được tập huấn pháp luật','Attendances at legal training','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(35,'work-stoppages','ngung-viec','Số cuộc ngừng việc tập thể','Collective work stoppages','cuộc','flow','lower','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(36,'fatal-accidents','tnld-chet-nguoi','Số vụ tai nạn lao động chết người','Fatal work accidents','vụ','flow','lower','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(37,'wages-owed','no-luong','Tổng số tiền doanh nghiệp còn nợ lương người lao động','Unpaid wages outstanding (amount at a date)','đồng','stock','lower','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(38,'workers-underemployed','ld-thieu-viec','Số lao động thiếu việc làm','Underemployed workers','người','stock','lower','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(39,'average-wage','luong-bq','Tiền lương bình quân tháng của một người lao động','Average monthly wage (weight: persons counted)','đồng/người/tháng','average','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(40,'welfare-visits','cham-lo-luot','Lượt đoàn viên, người lao động được thăm hỏi, tặng quà','Welfare visits and gifts','lượt','flow','higher','recipients',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(41,'welfare-amount','cham-lo-tien','Kinh phí thăm hỏi, tặng quà, hỗ trợ','Money spent on visits and gifts','đồng','flow','higher','amount',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(42,'members-supported','dv-duoc-ho-tro','Đoàn viên, con đoàn viên khó khăn được hỗ trợ, tặng quà','Members and their children in hardship supported','người','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(43,'shelter-houses-planned','mai-am-ke-hoach','Nhà Mái ấm Công đoàn theo kế hoạch','Trade Union Shelter houses planned','nhà','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(44,'shelter-houses','mai-am-nha','Nhà Mái ấm Công đoàn được hỗ trợ','Trade Union Shelter houses supported','nhà','flow','higher','recipients:shelter',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(45,'shelter-amount','mai-am-tien','Kinh phí hỗ trợ nhà Mái ấm Công đoàn','Money granted for Trade Union Shelter houses','đồng','flow','higher','amount:shelter',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(46,'housing-need-met','tl-ho-tro-nha-o','Tỷ lệ đoàn viên khó khăn về nhà ở được hỗ trợ làm mới hoặc sửa nhà','Members in housing need helped to build or repair','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(47,'shelter-fund-raised','quy-mai-am-thu','Vận động ủng hộ Quỹ Mái ấm Công đoàn','Raised for the Shelter fund','đồng','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(48,'welfare-fund-raised','quy-xa-hoi-thu','Vận động ủng hộ các quỹ xã hội, từ thiện','Raised for social and charity funds','đồng','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(49,'tet-gifts','tet-suat','Suất quà Tết Sum vầy','Tết Sum vầy gifts','suất','flow','higher','recipients:tet',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(50,'union-meals','bua-com-cd','Lượt người lao động dự Bữa cơm Công đoàn','Attendances at Union Meals','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(51,'welfare-partners','thoa-thuan-phuc-loi','Đối tác ký thỏa thuận hợp tác phúc lợi đoàn viên','Welfare partners under agreement','đối tác','stock','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(52,'boarding-areas','khu-nha-tro-tu-quan','Khu nhà trọ công nhân tự quản','Self-managed workers’ boarding areas','khu','stock','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(53,'boarding-residents','nld-o-tro-tu-quan','Người lao động ở khu nhà trọ tự quản','Residents of self-managed boarding areas','người','stock','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(54,'initiatives','sang-kien','Sáng kiến của đoàn viên','Initiatives submitted','sáng kiến','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(55,'initiative-collectives-commended','kt-tap-the-sang-kien','Tập thể được khen trong chương trình sáng kiến','Collectives commended for the initiatives programme','tập thể','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(56,'blood-donations','hien-mau-luot','Lượt đoàn viên hiến máu','Blood donations by members','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(57,'blood-units','hien-mau-dv','Đơn vị máu hiến','Units of blood given','đơn vị máu','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(58,'communication-sessions','tt-buoi','Buổi tuyên truyền, phổ biến','Communication sessions','buổi','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(59,'communication-attendances','tt-luot','Lượt đoàn viên dự tuyên truyền','Attendances at communication sessions','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(60,'unions-informed','tl-cdcs-tuyen-truyen','Công đoàn cơ sở tổ chức tuyên truyền, phổ biến','Grassroots unions that held communication sessions','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(61,'contest-entries','bai-du-thi','Bài tham gia dự thi viết','Entries in writing contests','bài','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(62,'news-items','tin-bai','Tin, bài đăng tải','News items published','tin bài','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(63,'further-training','hoc-tap-luot','Lượt cán bộ, đoàn viên học tập nâng cao trình độ','Attendances at further training','lượt','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(64,'emulation-share','tl-thi-dua','Tỷ lệ đoàn viên, người lao động tham gia phong trào thi đua','Members taking part in emulation','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(65,'women-two-good-share','tl-nu-gvn-dvn','Tỷ lệ nữ đoàn viên đạt Giỏi việc nước, đảm việc nhà','Women members earning the two-good title','%','ratio','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(66,'collectives-commended','kt-tap-the','Tập thể được khen thưởng','Collectives commended','tập thể','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(67,'individuals-commended','kt-ca-nhan','Cá nhân được khen thưởng','Individuals commended','cá nhân','flow','higher','figures',0,0,9223372036854775807,0);
INSERT INTO "indicator_entry" VALUES(68,'emulation-flags','co-thi-dua','Cờ thi đua được tặng','Emulation flags awarded','cờ','flow','higher','figures',0,0,9223372036854775807,0);
CREATE TABLE membership (
    id INTEGER NOT NULL,
    union_unit INTEGER NOT NULL REFERENCES unit (id),
    person INTEGER REFERENCES person (id),
    members INTEGER NOT NULL CHECK (members > 0 AND (person IS NULL OR members = 1)),
    admitted TEXT NOT NULL CHECK (admitted = date(admitted, '+0 days')),
    begun_by TEXT NOT NULL CHECK (begun_by IN ('founding', 'admission', 'transfer')),
    "left" TEXT CHECK ("left" = date("left", '+0 days') AND "left" >= admitted),
    left_by TEXT CHECK ((left_by IS NULL) = ("left" IS NULL)),
    decision TEXT,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (id, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "membership" VALUES(1,3,NULL,12,'2024-03-15','founding',NULL,NULL,NULL,3,9223372036854775807,3);
INSERT INTO "membership" VALUES(2,3,1,1,'2024-04-20','admission',NULL,NULL,NULL,4,9223372036854775807,4);
CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    host TEXT NOT NULL,
    command TEXT NOT NULL,
    summary TEXT NOT NULL,
    note TEXT,
    reverses INTEGER UNIQUE REFERENCES operation (number)
) STRICT;
INSERT INTO "operation" VALUES(0,'2026-11-22T04:22:43Z','ucli','','upgrade','catalogue',NULL,NULL);
INSERT INTO "operation" VALUES(1,'2026-11-22T04:22:43Z','can-bo','may-1','init','Đơn vị chủ sổ: LĐLĐ tỉnh Thái Bình.',NULL,NULL);
INSERT INTO "operation" VALUES(2,'2026-11-22T04:22:44Z','can-bo','may-1','add-unit','Thêm LĐLĐ huyện Hưng Hà, mã HH.',NULL,NULL);
INSERT INTO "operation" VALUES(3,'2026-11-22T04:22:44Z','can-bo','may-1','add-union','Thành lập CĐCS May, trực thuộc LĐLĐ huyện Hưng Hà, mã MAY.',NULL,NULL);
INSERT INTO "operation" VALUES(4,'2026-11-22T04:22:44Z','can-bo','may-1','add-member','Kết nạp đoàn viên số 2 vào CĐCS May.',NULL,NULL);
INSERT INTO "operation" VALUES(5,'2026-11-22T04:22:44Z','can-bo','may-1','add-payout','Khoản chi 1: 50.000.000 đồng, LĐLĐ huyện Hưng Hà chi (shelter).',NULL,NULL);
INSERT INTO "operation" VALUES(6,'2026-11-22T04:22:45Z','can-bo','may-1','add-figure','Số liệu 1: Tin, bài đăng tải 5, LĐLĐ huyện Hưng Hà, kỳ 2024.',NULL,NULL);
INSERT INTO "operation" VALUES(7,'2026-11-22T04:22:45Z','can-bo','may-1','set-target','Chỉ tiêu 1: Đoàn viên kết nạp mới 10, LĐLĐ huyện Hưng Hà, kỳ 2024.',NULL,NULL);
INSERT INTO "operation" VALUES(8,'2026-11-22T04:22:45Z','can-bo','may-1','set-target','Điều chỉnh chỉ tiêu 1: Đoàn viên kết nạp mới 12, LĐLĐ huyện Hưng Hà, kỳ 2024.',NULL,NULL);
INSERT INTO "operation" VALUES(9,'2026-11-22T04:22:45Z','can-bo','may-1','add-period','Thêm kỳ dot1 (01/07/2024–31/07/2024).',NULL,NULL);
INSERT INTO "operation" VALUES(10,'2026-11-22T04:22:46Z','can-bo','may-1','set-cluster','Cụm 1 gồm 1 đơn vị trong năm 2024.',NULL,NULL);
INSERT INTO "operation" VALUES(11,'2026-11-22T04:22:46Z','can-bo','may-1','undo','10: set-cluster — Cụm 1 gồm 1 đơn vị trong năm 2024.',NULL,10);
CREATE TABLE payout (
    id INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    programme INTEGER NOT NULL REFERENCES programme (id),
    day TEXT NOT NULL CHECK (day = date(day, '+0 days')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    in_kind INTEGER NOT NULL CHECK (in_kind >= 0 AND amount + in_kind > 0),
    recipients INTEGER NOT NULL CHECK (recipients > 0),
    form TEXT CHECK (form IN ('new-build', 'repair')),
    person INTEGER REFERENCES person (id),
    fund TEXT,
    decision TEXT,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (id, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "payout" VALUES(1,2,1,'2024-05-02',50000000,0,1,NULL,NULL,NULL,NULL,5,9223372036854775807,5);
CREATE TABLE period (
    code TEXT NOT NULL CHECK (code <> ''),
    folded TEXT NOT NULL,
    name TEXT,
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    due TEXT CHECK (due = date(due, '+0 days')),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (folded, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "period" VALUES('dot1','dot1',NULL,'2024-07-01','2024-07-31',NULL,9,9223372036854775807,9);
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT CHECK (length(name) <= 300),
    folded TEXT,
    born TEXT CHECK (born = date(born, '+0 days')),
    sex TEXT CHECK (sex IN ('male', 'female')),
    card TEXT,
    id_number TEXT CHECK (length(id_number) IN (9, 12))
) STRICT;
INSERT INTO "person" VALUES(1,'Trần Thị Mẫu','tran thi mau','1990-09-02','female',NULL,NULL);
CREATE TABLE programme (id INTEGER PRIMARY KEY) STRICT;
INSERT INTO "programme" VALUES(1);
INSERT INTO "programme" VALUES(2);
INSERT INTO "programme" VALUES(3);
INSERT INTO "programme" VALUES(4);
INSERT INTO "programme" VALUES(5);
INSERT INTO "programme" VALUES(6);
INSERT INTO "programme" VALUES(7);
INSERT INTO "programme" VALUES(8);
INSERT INTO "programme" VALUES(9);
CREATE TABLE programme_entry (
    programme INTEGER NOT NULL REFERENCES programme (id),
    code TEXT NOT NULL CHECK (code <> ''),
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (programme, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "programme_entry" VALUES(1,'shelter','Mái ấm Công đoàn','Trade Union Shelter',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(2,'tet','Tết Sum vầy','Tết gifts',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(3,'visit','Thăm hỏi','Visits',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(4,'illness','Ốm đau và bệnh hiểm nghèo','Illness',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(5,'accident','Tai nạn lao động','Work accidents',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(6,'hardship','Hoàn cảnh khó khăn','Hardship',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(7,'workers-month','Tháng Công nhân','Workers’ Month',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(8,'union-meal','Bữa cơm Công đoàn','Union meals',0,9223372036854775807,0);
INSERT INTO "programme_entry" VALUES(9,'other','Chăm lo khác','Other welfare',0,9223372036854775807,0);
CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (name, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "setting" VALUES('office','1',1,9223372036854775807,1);
CREATE TABLE target (
    id INTEGER NOT NULL,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    issuer INTEGER REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('at-least', 'at-most', 'range')),
    low INTEGER CHECK (low >= 0),
    high INTEGER CHECK ((high IS NOT NULL) = (kind = 'range') AND high >= low),
    percent TEXT CHECK ((percent IS NULL) <> (low IS NULL)),
    profile TEXT,
    decision TEXT,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (id, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "target" VALUES(1,4,2,'2024-01-01','2024-12-31','2024',NULL,'at-least',10,NULL,NULL,NULL,NULL,7,8,7);
INSERT INTO "target" VALUES(1,4,2,'2024-01-01','2024-12-31','2024',NULL,'at-least',12,NULL,NULL,NULL,NULL,8,9223372036854775807,8);
CREATE TABLE unit (id INTEGER PRIMARY KEY) STRICT;
INSERT INTO "unit" VALUES(1);
INSERT INTO "unit" VALUES(2);
INSERT INTO "unit" VALUES(3);
INSERT INTO "unit" VALUES(4);
CREATE TABLE unit_life (
    unit INTEGER NOT NULL REFERENCES unit (id),
    founded TEXT CHECK (founded = date(founded, '+0 days')),
    founders INTEGER CHECK (founders >= 0),
    decision TEXT,
    sector TEXT CHECK (sector IN ('state', 'public', 'non-state', 'fdi')),
    ended TEXT CHECK (ended = date(ended, '+0 days') AND (founded IS NULL OR ended > founded)),
    end_reason TEXT,
    end_decision TEXT,
    note TEXT,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (unit, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "unit_life" VALUES(1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,9223372036854775807,1);
INSERT INTO "unit_life" VALUES(2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,9223372036854775807,2);
INSERT INTO "unit_life" VALUES(3,'2024-03-15',12,NULL,NULL,NULL,NULL,NULL,NULL,3,9223372036854775807,3);
INSERT INTO "unit_life" VALUES(4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,10,11,10);
CREATE TABLE unit_name (
    unit INTEGER NOT NULL REFERENCES unit (id),
    from_day TEXT NOT NULL CHECK (from_day = date(from_day, '+0 days')),
    to_day TEXT NOT NULL CHECK (to_day = date(to_day, '+0 days') AND to_day > from_day),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> '' AND length(name) <= 300),
    folded TEXT NOT NULL,
    own_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT 9223372036854775807 CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY (unit, from_day, to_op)
) STRICT, WITHOUT ROWID;
INSERT INTO "unit_name" VALUES(1,'0001-01-01','9999-12-31','THAI-BINH','LĐLĐ tỉnh Thái Bình','ldld tinh thai binh','thai binh','province',1,9223372036854775807,1);
INSERT INTO "unit_name" VALUES(2,'0001-01-01','9999-12-31','HH','LĐLĐ huyện Hưng Hà','ldld huyen hung ha','hung ha','district',2,9223372036854775807,2);
INSERT INTO "unit_name" VALUES(3,'2024-03-15','9999-12-31','MAY','CĐCS May','cdcs may','may','union',3,9223372036854775807,3);
INSERT INTO "unit_name" VALUES(4,'0001-01-01','9999-12-31','CUM-1','Cụm 1','cum 1','cum 1','cluster',10,11,10);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX unit_name_by_code ON unit_name (code COLLATE NOCASE, to_op);
CREATE INDEX unit_name_by_folded ON unit_name (folded, to_op);
CREATE INDEX unit_name_by_own_name ON unit_name (own_name, to_op);
CREATE INDEX ancestry_below ON ancestry (ancestor, depth, unit, from_day, to_day, from_op, to_op);
CREATE UNIQUE INDEX one_parent_at_a_time ON ancestry (unit, depth, from_day) WHERE to_op = 9223372036854775807;
CREATE UNIQUE INDEX indicator_code ON indicator_entry (code) WHERE to_op = 9223372036854775807;
CREATE UNIQUE INDEX programme_code ON programme_entry (code) WHERE to_op = 9223372036854775807;
CREATE INDEX person_by_folded ON person (folded);
CREATE INDEX person_by_card ON person (card) WHERE card IS NOT NULL;
CREATE INDEX person_by_id_number ON person (id_number) WHERE id_number IS NOT NULL;
CREATE INDEX membership_by_union ON membership (union_unit, admitted, to_op);
CREATE INDEX membership_by_person ON membership (person, to_op) WHERE person IS NOT NULL;
CREATE INDEX payout_by_unit ON payout (unit, day, programme, to_op);
CREATE INDEX payout_by_person ON payout (person, to_op) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX one_figure_a_window ON figure (unit, indicator, start_day, end_day) WHERE to_op = 9223372036854775807;
CREATE INDEX figure_by_unit ON figure (unit, end_day, indicator, to_op);
CREATE INDEX figure_by_indicator ON figure (indicator, to_op);
CREATE UNIQUE INDEX one_target_an_issuer
    ON target (unit, indicator, start_day, end_day, coalesce(issuer, 0)) WHERE to_op = 9223372036854775807;
CREATE INDEX setting_from_op ON setting (from_op);
CREATE INDEX setting_to_op ON setting (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX unit_name_from_op ON unit_name (from_op);
CREATE INDEX unit_name_to_op ON unit_name (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX unit_life_from_op ON unit_life (from_op);
CREATE INDEX unit_life_to_op ON unit_life (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX ancestry_from_op ON ancestry (from_op);
CREATE INDEX ancestry_to_op ON ancestry (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX cluster_year_from_op ON cluster_year (from_op);
CREATE INDEX cluster_year_to_op ON cluster_year (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX cluster_member_from_op ON cluster_member (from_op);
CREATE INDEX cluster_member_to_op ON cluster_member (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX indicator_entry_from_op ON indicator_entry (from_op);
CREATE INDEX indicator_entry_to_op ON indicator_entry (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX programme_entry_from_op ON programme_entry (from_op);
CREATE INDEX programme_entry_to_op ON programme_entry (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX period_from_op ON period (from_op);
CREATE INDEX period_to_op ON period (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX membership_from_op ON membership (from_op);
CREATE INDEX membership_to_op ON membership (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX payout_from_op ON payout (from_op);
CREATE INDEX payout_to_op ON payout (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX figure_from_op ON figure (from_op);
CREATE INDEX figure_to_op ON figure (to_op) WHERE to_op < 9223372036854775807;
CREATE INDEX target_from_op ON target (from_op);
CREATE INDEX target_to_op ON target (to_op) WHERE to_op < 9223372036854775807;
COMMIT;
PRAGMA user_version = 1;
PRAGMA application_id = 1969450089;
